import type { DeadlineView, ZonedInstant } from "#course/deadlines/describe-deadline.ts";
import type { DeadlineStatus } from "#course/deadlines/effective-deadline.ts";
import { formatSpan } from "../format.ts";
import { StateTag, type TagState } from "../state/state-tag.tsx";
import { Countdown } from "./countdown.tsx";
import classes from "./deadline-block.module.css";
import { distinctTexts } from "./zone-lines.ts";

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

/** A deadline in Anywhere on Earth, the course's zone and the reader's zone, with a countdown and the grace. */
export function DeadlineBlock({ deadline, nowIso }: { deadline: DeadlineView; nowIso: string }) {
  const { due, grace, lateUntil, releasedAt, status } = deadline;
  return (
    <div className={classes.block}>
      <div className={classes.now}>
        <DeadlineTag status={status} />
        {due ? (
          <span>
            Due <Countdown iso={due.instant.toISOString()} nowIso={nowIso} />
          </span>
        ) : (
          <span>No deadline</span>
        )}
        {deadline.extended ? <span>extended for you</span> : null}
      </div>
      {due ? <ZoneTable at={due} /> : null}
      {grace ? (
        <p className={classes.line}>
          Staff grace: what arrives up to {formatSpan(grace.seconds)} later still counts as on time, until{" "}
          {grace.until.reader.text} {grace.until.reader.abbreviation}.
        </p>
      ) : null}
      {status === "not-released" && releasedAt ? (
        <p className={classes.line}>
          Opens <Countdown iso={releasedAt.instant.toISOString()} nowIso={nowIso} />.
        </p>
      ) : null}
      <p className={classes.line}>
        {deadline.latePolicy}
        {lateUntil ? ` Taken until ${lateUntil.reader.text} ${lateUntil.reader.abbreviation}.` : ""}
        {deadline.penaltyPercentNow > 0 ? ` Handed in now it loses ${deadline.penaltyPercentNow}%.` : ""}
      </p>
    </div>
  );
}

function ZoneTable({ at }: { at: ZonedInstant }) {
  return (
    <dl className={classes.zones}>
      {distinctTexts([at.aoe, at.course, at.reader]).map((zone) => (
        <ZoneRow
          key={zone.zoneName}
          text={`${zone.text} ${zone.abbreviation}`}
          name={zone.zoneName}
          whose={zone.zone === at.reader.zone ? "yours" : null}
        />
      ))}
    </dl>
  );
}

function ZoneRow({ text, name, whose }: { text: string; name: string; whose: string | null }) {
  return (
    <>
      <dt>{text}</dt>
      <dd>
        {name}
        {whose ? ` (${whose})` : ""}
      </dd>
    </>
  );
}
