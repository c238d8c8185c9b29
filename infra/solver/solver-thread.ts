// Solves one model in a thread of its own: the solver keeps its thread from everything else until it is done.
import { parentPort, workerData } from "node:worker_threads";
import createHighs from "highs";

export interface SolverOrder {
  model: string;
  /** For the solver itself. */
  seconds: number;
}

/** Values by the variables' names; null: none was found in time, or there is none. */
export type SolverAnswer = [name: string, value: number][] | null;

const { model, seconds } = workerData as SolverOrder;
const highs = await createHighs();
const solution = highs.solve(model, { time_limit: seconds });
const values = Object.entries(solution.Columns).map(([name, column]): [string, number] => [
  name,
  "Primal" in column ? column.Primal : Number.NaN,
]);
const isOptimal = solution.Status === "Optimal" && values.every(([, value]) => Number.isFinite(value));
parentPort?.postMessage((isOptimal ? values : null) satisfies SolverAnswer);
