import type { RunView } from "#app/_server/queries/run/run-view.ts";
import type { RerunRight, StudentRerunView } from "#app/_server/queries/run/student-rerun.ts";
import { maxPlatformFaults } from "#grading/runs/run-state.ts";
import { plural } from "../format.ts";
import { Notice } from "../page/notice.tsx";

interface NoResultProps {
  run: Pick<RunView["run"], "state" | "reason" | "reasonCode" | "platformFaults" | "counts">;
  /** The reader handed the work in. */
  own: boolean;
  rerun: StudentRerunView & { may: RerunRight };
  /** Another run of the submission is under way, or has its result. */
  replaced: boolean;
}

/** Why a run that has ended has no result, whose fault that is, and what its reader does next. */
export function NoResult({ run, own, rerun, replaced }: NoResultProps) {
  const why = whyNoResult(run, own);
  return (
    <>
      {why === null ? null : <Notice tone="warn">{why}</Notice>}
      {own && !replaced ? <WhatNext rerun={rerun} withdrawn={run.reasonCode === "withdrawn"} /> : null}
    </>
  );
}

/** null: of a run with a result there is nothing to say. */
function whyNoResult(
  { state, reason, reasonCode, platformFaults }: NoResultProps["run"],
  own: boolean,
): string | null {
  if (reason === null || state === "graded") return null;
  if (reasonCode === "withdrawn" && own) {
    return "You cancelled this run while it waited, so this submission has no result and counts for nothing. What you handed in stays, with its receipt.";
  }
  if (state !== "not_gradable") return reason;
  if (platformFaults < maxPlatformFaults) {
    const cost = own ? " That costs you nothing." : "";
    return `${reason}${cost} Staff have been told.`;
  }
  const tries = `${plural(platformFaults, "try", "tries")} to grade this failed, each by a fault of Drydock's own.`;
  const fault = own ? " That is not your fault and costs you nothing." : "";
  return `${tries} The last one: ${reason}${fault} Staff have been told.`;
}

function WhatNext({
  rerun: { may, studentRerunsLeft: left, noStudentRerun },
  withdrawn,
}: Pick<NoResultProps, "rerun"> & { withdrawn: boolean }) {
  // Staff who handed in themselves run it again as staff.
  if (may !== "ungraded") return null;
  if (noStudentRerun !== null) return <Notice tone="info">{noStudentRerun}</Notice>;
  if (left === null) return null;
  return (
    <Notice tone="info">
      {withdrawn
        ? "Run it again when you want it graded."
        : "Run it again now, or wait until staff have looked at it."}{" "}
      You may have this submission run again {left === 1 ? "once more" : `${left} times`}; after that the
      staff of your course may.
    </Notice>
  );
}
