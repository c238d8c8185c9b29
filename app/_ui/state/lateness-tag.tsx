import type { Lateness } from "#course/deadlines/lateness.ts";
import { StateTag } from "./state-tag.tsx";

/**
 * Whether work counts as late, and when that changed since it was received, what changed it. onlyLate: as tables do,
 * says nothing of work that was never late, and only the outcome of the other.
 */
export function LatenessTag({ lateness, onlyLate }: { lateness: Lateness; onlyLate?: boolean }) {
  if (lateness.late) return <StateTag state="late" />;
  if (!lateness.lateWhenReceived) return onlyLate ? null : <StateTag state="on_time" />;
  const by = lateness.excusedBy === "extension" ? "with the extension" : "by the deadline of now";
  return (
    <>
      <StateTag state="on_time" word={`On time ${by}`} />
      {onlyLate ? null : <span>(it was late when received)</span>}
    </>
  );
}
