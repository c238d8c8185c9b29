import type { ActRun } from "./act-transaction.ts";

/** A run as the audit names it. */
export const briefRun = ({ id, state, score }: ActRun) => ({
  run: id,
  state,
  score: score?.toString() ?? null,
});
