import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Solve } from "#course/optimization/zero-one-model.ts";
import type { SolverAnswer, SolverOrder } from "./solver-thread.ts";

/** The thread's program as `npm run build` makes it, or its source; found as the archive thread's is. */
export const solverThread = (built: boolean) =>
  path.join(process.cwd(), built ? "dist/solver-thread.mjs" : "infra/solver/solver-from-source.mjs");

const usualSeconds = 20;
/** For loading it, and for a solver that does not mind its limit. */
const moreMs = 20_000;

/**
 * Solves models one after the other, each in a thread that ends with it. program: the thread's file. Throws when the
 * thread fails, which a model that can be read never makes it.
 */
export function createSolver(program: string, seconds = usualSeconds): Solve {
  let last: Promise<unknown> = Promise.resolve();
  return (model) => {
    const answer = last.then(() => solveOnce(program, { model, seconds }));
    last = answer.catch(() => undefined);
    return answer;
  };
}

async function solveOnce(program: string, order: SolverOrder): Promise<ReadonlyMap<string, number> | null> {
  const thread = new Worker(program, { name: "solver", execArgv: [], workerData: order });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<SolverAnswer>((resolve, reject) => {
      timer = setTimeout(() => resolve(null), order.seconds * 1000 + moreMs);
      thread.once("message", resolve).once("error", reject);
      thread.once("exit", (code) => reject(new Error(`The solver's thread ended with ${code}.`)));
    });
    return answer === null ? null : new Map(answer);
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
