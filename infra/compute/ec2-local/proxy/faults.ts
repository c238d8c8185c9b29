import { ApiFailure } from "./api-failure.ts";

/**
 * What goes wrong with the next calls of an action, such as `RunInstances`, `CreateSchedule` or `PutEvents`; `*` is any.
 * Several wait for their turn; each is used up after its number of times.
 */
export type Fault =
  | { kind: "fail"; failure: ApiFailure }
  | { kind: "lose-request" }
  | { kind: "lose-reply" }
  | { kind: "slow"; ms: number; when: "before" | "after" };

export function createFaults() {
  let waiting: { action: string; fault: Fault; times: number }[] = [];
  const add = (action: string, fault: Fault, times: number) => void waiting.push({ action, fault, times });
  return {
    /** Answers so without doing anything. */
    fail: (action: string, failure: { code: string; status?: number; message?: string }, times = 1) =>
      add(
        action,
        {
          kind: "fail",
          failure: new ApiFailure(failure.code, failure.message ?? failure.code, failure.status),
        },
        times,
      ),
    /** The connection breaks before anything is done. */
    loseRequest: (action: string, times = 1) => add(action, { kind: "lose-request" }, times),
    /** It is done, and the connection breaks instead of an answer. */
    loseReply: (action: string, times = 1) => add(action, { kind: "lose-reply" }, times),
    /** Waits before it is done, or with the answer when it is done. */
    slow: (
      action: string,
      ms: number,
      { times = 1, when = "after" }: { times?: number; when?: "before" | "after" } = {},
    ) => add(action, { kind: "slow", ms, when }, times),
    take(action: string): Fault | null {
      const found = waiting.find((one) => one.action === action || one.action === "*");
      if (!found) return null;
      found.times -= 1;
      if (found.times <= 0) waiting = waiting.filter((one) => one !== found);
      return found.fault;
    },
    clear: () => {
      waiting = [];
    },
  };
}
