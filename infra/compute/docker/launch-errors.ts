import { LaunchError } from "#grading/machines/provider.ts";

/** The part of a dockerode error that is looked at. */
interface EngineError {
  statusCode?: number;
  code?: string;
  syscall?: string;
  message?: string;
  json?: { message?: string };
}

const outOfRoom =
  /no space left|cannot allocate memory|out of memory|too many open files|resource temporarily unavailable|disk quota|could not find an available|No enough space/i;
const connectionCut = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ABORT_ERR"]);

export function isStatus(error: unknown, statusCode: number): boolean {
  return (error as EngineError).statusCode === statusCode;
}

/**
 * What an engine's answer to a launch means. Room that may be free later is insufficient-capacity, an engine that is
 * away is unreachable, one that is busy is throttled, and what no second try would mend is misconfigured and for the
 * operator.
 */
export function toLaunchError(error: unknown, what: string): LaunchError {
  if (error instanceof LaunchError) return error;
  const engine = error as EngineError;
  const message = engine.json?.message ?? engine.message ?? String(error);
  const say = (kind: LaunchError["kind"], sentence: string) =>
    new LaunchError(kind, `${what}: ${sentence} (${message.trim()})`, { cause: error });
  if (outOfRoom.test(message)) return say("insufficient-capacity", "this computer has no room for it now");
  if (isAway(engine)) return say("unreachable", "the Docker engine does not answer");
  if (engine.statusCode === 429 || engine.statusCode === 503) return say("throttled", "the engine is busy");
  if (engine.statusCode === 404)
    return say("misconfigured", "the engine lacks something that the launch names");
  return say("misconfigured", "the engine refused");
}

/** A file that is missing has the code of a socket that is: only the one that was to be connected to is the engine's. */
function isAway({ statusCode, code, syscall }: EngineError): boolean {
  if (statusCode !== undefined || code === undefined) return false;
  return connectionCut.has(code) || syscall === "connect";
}
