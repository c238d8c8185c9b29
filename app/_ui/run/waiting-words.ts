import type { QueueView, RunView } from "#app/_server/queries/run/run-view.ts";
import { formatSpan } from "../format.ts";

/** Where a queued run stands and how long that may last, from what is known alone. */
export function queueSentence(queue: QueueView): string {
  if (queue.superseded && queue.waitsFor === null) {
    return "A newer submission of yours is graded first; this one is graded when nothing else waits.";
  }
  const { position, estimateSeconds, finishSeconds, slowFinishSeconds, basedOn, why, waitsFor } = queue;
  if (waitsFor !== null) return `${waitsFor} Your run keeps its place and starts by itself.`;
  const place = position === 1 ? "You are next." : `You are number ${position} in the queue.`;
  if (queue.overdue !== null) return `${place} ${overdueSentence(queue.overdue)}`;
  if (estimateSeconds === null || finishSeconds === null) return why === null ? place : `${place} ${why}`;
  const usual = rough(finishSeconds);
  const slowest = slowFinishSeconds === null ? usual : rough(slowFinishSeconds);
  const slow = slowest === usual ? "" : `, ${slowest} when it goes as slowly as the slowest did`;
  return `${place} It should start in ${rough(estimateSeconds)} and be graded in ${usual}${slow}; ${restsOn(basedOn)}.`;
}

function overdueSentence({ seconds, usualSeconds }: NonNullable<QueueView["overdue"]>): string {
  return `It takes longer than usual: the run before yours has been going for ${sofar(seconds)}, and runs like that take ${formatSpan(usualSeconds)}. Your place stays, and your run starts by itself.`;
}

/** How long a run that a machine has may take; null of one that waits or has ended. now: milliseconds. */
export function underWaySentence(
  { run, road, usual }: Pick<RunView, "run" | "road" | "usual">,
  now: number,
): string | null {
  if (run.final || run.state === "queued" || road.claimedAt === null) return null;
  if (usual === null)
    return "No run of this exercise has finished yet, so there is no telling how long it takes.";
  const seconds = Math.max(0, (now - Date.parse(road.claimedAt)) / 1000);
  const takes = formatSpan(usual.seconds);
  // Slower than nine in ten of them: before that it is in no way unusual.
  if (seconds <= Math.max(usual.slowSeconds, usual.seconds)) {
    return `Runs like this take ${takes} once a machine has them; ${restsOn(usual.basedOn)}.`;
  }
  return `Longer than usual: runs like this take ${takes} once a machine has them, this one ${sofar(seconds)} so far. It goes on by itself.`;
}

/** As the end of a sentence. */
const restsOn = (runs: number) => `that rests on ${runs === 1 ? "the last run" : `the last ${runs} runs`}`;

/** An estimate claims no precision that it does not have. */
function rough(seconds: number): string {
  if (seconds < 5) return "a moment";
  const step = seconds < 60 ? 5 : 30;
  return `about ${formatSpan(Math.ceil(seconds / step) * step)}`;
}

/** What has passed, in steps that do not tick: never more than it was. */
function sofar(seconds: number): string {
  const step = seconds < 60 ? 5 : 10;
  return formatSpan(Math.floor(seconds / step) * step);
}
