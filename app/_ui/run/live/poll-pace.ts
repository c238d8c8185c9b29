import type { QueueView, RunView } from "#app/_server/queries/run/run-view.ts";

const nextMs = 3000;
const longestMs = 15_000;
/** Of another run: its own page is the one to watch it on. */
const followMs = 5000;

/**
 * How long until the page asks again for what no event of this run tells: its place in the queue, its machine's cost
 * and end. That a run starts is told by an event; who is far back need not see every step of the queue. A run that has
 * ended follows the one that is to take its place.
 */
export function pollPace({
  run,
  queue,
}: {
  run: Pick<RunView["run"], "final">;
  queue: QueueView | null;
}): number {
  if (run.final) return followMs;
  if (queue === null) return nextMs;
  return Math.min(longestMs, nextMs * Math.ceil(queue.position / 10));
}
