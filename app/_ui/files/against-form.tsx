import type { HandedInView } from "#app/_server/queries/submission/handed-in.ts";
import { sayInstant } from "#course/deadlines/say-instant.ts";
import type { Zones } from "../time/zoned-time.tsx";
import { changesAddress } from "./file-address.ts";
import classes from "./files.module.css";

interface AgainstFormProps {
  view: HandedInView;
  /** The student's other attempts, newest first. */
  others: HandedInView["attempts"];
  chosen: HandedInView["attempts"][number];
  zones: Zones;
}

/** Chooses the attempt to compare with; a plain form, so that it works without a script. */
export function AgainstForm({ view, others, chosen, zones }: AgainstFormProps) {
  return (
    <form className={classes.against} action={changesAddress(view.submissionId)}>
      <label>
        What changed since{" "}
        <select name="against" defaultValue={chosen.id} className={classes.select}>
          {others.map(({ id, number, receivedAt }) => (
            <option key={id} value={id}>
              no. {number}, {sayInstant(new Date(receivedAt), zones.reader)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className={classes.button}>
        Compare
      </button>
    </form>
  );
}
