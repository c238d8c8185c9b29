import type { RunView } from "#app/_server/queries/run-view.ts";

const nextMs = 3000;
const longestMs = 15_000;

/**
 * How long until the page asks again for what no event of this run tells: its place in the queue, its machine's cost
 * and end. That a run starts is told by an event; who is far back need not see every step of the queue.
 */
export function pollPace({ queue }: Pick<RunView, "queue">): number {
  if (queue === null) return nextMs;
  return Math.min(longestMs, nextMs * Math.ceil(queue.position / 10));
}
