import { type Actor, decide, type SubjectOf } from "../../access/permissions.ts";
import type { Services } from "../../services.ts";
import { type LogTail, readLogTail } from "./log-tail.ts";
import { findRun } from "./run.ts";
import type { RunView } from "./run-view.ts";
import { type RerunRight, rerunRight } from "./student-rerun.ts";

type RunSubject = SubjectOf<"run.rerun">;

/** Events of the run's end, most of them lines of its log, that are in the page before any script runs. */
const tailEvents = 250;

/** What the reader may do to the run. */
export interface RunMay {
  rerun: RerunRight;
  cancel: CancelRight;
}

/** By which right a run may be cancelled: staff any, its student one that waits and that no staff asked for. */
export type CancelRight = "always" | "queued" | "never";

export interface RunPageData {
  view: RunView;
  logTail: LogTail;
  number: number;
  may: RunMay;
  nowIso: string;
}

/** Everything the page of a run needs; null when there is no such run. */
export async function readRunPage(
  services: Services,
  actor: Actor,
  subject: RunSubject,
): Promise<RunPageData | null> {
  const view = await findRun(services, subject.runId);
  if (!view) return null;
  const { number } = await services.db.submission.findUniqueOrThrow({
    where: { id: view.run.submissionId },
    select: { number: true },
  });
  return {
    view,
    logTail: await readLogTail(services, subject.runId, tailEvents),
    number,
    may: {
      rerun: rerunRight(actor, subject),
      cancel: cancelRight(actor, subject),
    },
    nowIso: services.clock().toISOString(),
  };
}

/** The page may be open while its run begins, so it learns the right and not what follows from it now. */
function cancelRight(actor: Actor, subject: RunSubject): CancelRight {
  if (decide("run.cancel", actor, subject) !== "allowed") return "never";
  return decide("run.view-staff", actor, subject) === "allowed" ? "always" : "queued";
}
