/** An error with its stack and causes, for operators and staff; never for students. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${describeError(error.cause)}`;
  return `${error.name}: ${error.message}\n${error.stack ?? ""}${cause}`;
}
