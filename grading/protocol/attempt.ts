/** One attempt of a run. */
export interface Attempt {
  runId: string;
  attempt: number;
}
