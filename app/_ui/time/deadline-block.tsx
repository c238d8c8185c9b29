import type { DeadlineView } from "#course/deadlines/describe-deadline.ts";
import type { DeadlineStatus } from "#course/deadlines/effective-deadline.ts";
import type { SaidInstant } from "#course/deadlines/say-instant.ts";
import { formatSpan } from "../format.ts";
import { StateTag, type TagState } from "../state/state-tag.tsx";
import classes from "./deadline-block.module.css";
import { Due, HowLong } from "./due.tsx";
import { SaidTime } from "./said-time.tsx";

const tags: Record<DeadlineStatus, TagState> = {
  "not-released": "not_open",
  open: "open",
  "in-grace": "open",
  "late-accepted": "late",
  closed: "closed",
};

/** Where the tag's own word says too little. */
const words: Partial<Record<DeadlineStatus, string>> = {
  "in-grace": "Open, in staff grace",
  "late-accepted": "Late, still taken",
};

/** The state of a deadline as icon and word. */
export function DeadlineTag({ status }: { status: DeadlineStatus }) {
  return <StateTag state={tags[status]} word={words[status]} />;
}

/** A deadline by its day, then by the reader's clock and the course's, with how long it is until then and the grace. */
export function DeadlineBlock({ deadline, nowIso }: { deadline: DeadlineView; nowIso: string }) {
  const { due, grace, lateUntil, releasedAt, status } = deadline;
  return (
    <div className={classes.block}>
      <div className={classes.now}>
        <DeadlineTag status={status} />
        <Due at={due} nowIso={nowIso} capital />
        {deadline.extended ? <span>extended for you</span> : null}
      </div>
      {due && due.others.length > 0 ? <OtherClocks at={due} /> : null}
      {grace ? (
        <p className={classes.line}>
          Staff grace: what arrives up to {formatSpan(grace.seconds)} later still counts as on time, until{" "}
          <SaidTime at={grace.until} />.
        </p>
      ) : null}
      {status === "not-released" && releasedAt ? (
        <p className={classes.line}>
          Opens <SaidTime at={releasedAt} />
          <HowLong at={releasedAt} nowIso={nowIso} />.
        </p>
      ) : null}
      <p className={classes.line}>
        {deadline.latePolicy}
        {lateUntil ? (
          <>
            {" "}
            Taken until <SaidTime at={lateUntil} />.
          </>
        ) : null}
        {deadline.penaltyPercentNow > 0 ? ` Handed in now it loses ${deadline.penaltyPercentNow}%.` : ""}
      </p>
    </div>
  );
}

/** Whose clock it is, as pages name it. */
export const clockOf = { reader: "your time", course: "the course's time" } as const;

function OtherClocks({ at }: { at: SaidInstant }) {
  return (
    <dl className={classes.zones}>
      {at.others.map(({ whose, said, zoneName }) => (
        <div key={whose}>
          <dt>{clockOf[whose]}:</dt>
          <dd>
            {said} <small>({zoneName})</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
