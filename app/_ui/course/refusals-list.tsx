import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./refusals-list.module.css";

interface RefusalsListProps {
  refusals: { id: string; exercise?: string; fileName: string; message: string; receivedAt: string }[];
  zones: Zones;
  nowIso: string;
}

/** Uploads that were not accepted, each with its reason. */
export function RefusalsList({ refusals, zones, nowIso }: RefusalsListProps) {
  return (
    <ul className={classes.list}>
      {refusals.map((refusal) => (
        <li key={refusal.id}>
          <div className={classes.head}>
            <StateTag state="refused" />
            <span>
              {refusal.exercise ? `${refusal.exercise}: ` : ""}
              <span className="mono">{refusal.fileName}</span>
            </span>
            <span className={classes.when}>
              <ZonedTime iso={refusal.receivedAt} zones={zones} nowIso={nowIso} />
            </span>
          </div>
          <p>{refusal.message}</p>
        </li>
      ))}
    </ul>
  );
}
