import type { RunFault, RunResult } from "../../protocol/messages.ts";
import { describeError } from "./describe-error.ts";
import { NotUnpacked } from "./fetch-run.ts";
import { AttemptOver } from "./heartbeat.ts";
import { Refused } from "./transport.ts";

/** What had to be there for a run's checks was not, by the code under which Drydock knows it. */
export class NotThere extends Error {
  override readonly name = "NotThere";
  constructor(
    readonly code: RunFault["code"],
    cause: unknown,
  ) {
    super(`Not there for the run: ${code}.`, { cause });
  }
}

/** Gives a part's errors its code; the end of an attempt is no error of any part. */
export async function part<T>(code: RunFault["code"], doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    throw error instanceof Refused || error instanceof AttemptOver ? error : new NotThere(code, error);
  }
}

/**
 * What is reported when the agent itself could not go on. checkUnderWay: what broke it is most likely what that check
 * was looking at, and would break the agent of another machine as well.
 */
export function troubleOf(
  error: unknown,
  checkUnderWay: string | null,
): Pick<RunResult, "outcome" | "fault"> {
  const detail = describeError(error).slice(0, maxDetailChars);
  const fault = (code: RunFault["code"], check: string | null = null): RunFault => ({
    code,
    check,
    triedAgain: false,
    detail,
  });
  if (error instanceof NotThere)
    return {
      outcome: error.cause instanceof NotUnpacked ? "check_fault" : "platform_fault",
      fault: fault(error.code),
    };
  if (checkUnderWay !== null) return { outcome: "check_fault", fault: fault("check", checkUnderWay) };
  return { outcome: "platform_fault", fault: fault("agent") };
}

const maxDetailChars = 64 * 1024;
