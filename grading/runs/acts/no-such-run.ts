export const noSuchRun = (runId: string) => ({
  outcome: "refused" as const,
  code: "no-such-run" as const,
  message: `There is no run ${runId}.`,
});
