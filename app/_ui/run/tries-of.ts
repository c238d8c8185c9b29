import type { AttemptView, RunView } from "#app/_server/queries/run/run-view.ts";

/**
 * The run's attempts as its student counts them: one that got no machine is none. number: of the one that is under way
 * or waits, or that was the last; before: the one before it, null when there is none.
 */
export function triesOf(view: { run: Pick<RunView["run"], "attempt">; attempts: AttemptView[] }): {
  number: number;
  before: AttemptView | null;
} {
  const earlier = view.attempts.filter((one) => one.attempt < view.run.attempt && one.hadMachine);
  return { number: earlier.length + 1, before: earlier.at(-1) ?? null };
}
