import type { ContainerCreateOptions } from "dockerode";
import { re } from "re2js";
import type { CheckContext } from "../define-check.ts";
import { withoutTrailing } from "../words/without-trailing.ts";
import { plainImage } from "./base-images.ts";

/** The engine takes or starts no container of the image, and would one of another: message is its reason. */
export class ContainerNotStarted extends Error {
  override readonly name = "ContainerNotStarted";
}

/**
 * Throws ContainerNotStarted when the engine's refusal to make or start a container is its image's doing, and the
 * error itself when it is the machine's. What decides is not the engine's words, of which there are too many to list,
 * but whether it starts a container of a plain image with the same sandbox.
 */
export async function blameStart(
  context: CheckContext,
  options: ContainerCreateOptions,
  error: unknown,
): Promise<never> {
  const { statusCode } = error as { statusCode?: number };
  // No answer; or no such image, or a name that is taken, which are no matter of what the image holds.
  if (statusCode === undefined || statusCode === 404 || statusCode === 409) throw error;
  context.staff(`The engine's answer was ${statusCode}: ${messageOf(error)}`);
  if (memoryTooLow.test(messageOf(error)) || (await startsPlain(context, options)))
    throw new ContainerNotStarted(reasonOf(messageOf(error)), { cause: error });
  throw error;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Of a limit that a student stated: no image starts with it. */
const memoryTooLow = /OOM-killed|memory limit too low/i;

async function startsPlain(
  { docker, signal }: CheckContext,
  { Cmd: _cmd, User: _user, ...options }: ContainerCreateOptions,
): Promise<boolean> {
  signal.throwIfAborted();
  try {
    const container = await docker.createContainer({ ...options, Image: plainImage, Entrypoint: ["true"] });
    try {
      await container.start();
      return true;
    } finally {
      await container.remove({ force: true, v: true });
    }
  } catch {
    // The machine does not start containers at all: the first error is the one to tell.
    return false;
  }
}

const maxReasonChars = 500;
/** Before what the runtime itself says, and places of the machine's own. */
const wrappers =
  /^.*(?:unable to start container process|error during container init|OCI runtime create failed|runc create failed): ?/s;
const places = re`/var/lib/docker/\S*?/(?:merged|_data)([/"\s:]|$)`;

/** The engine's reason as one sentence's end, without its layers and without the machine's folders. */
function reasonOf(message: string): string {
  const own = message.slice(0, 4000).replace(/^\(HTTP code \d+\) [^-]* - /, "");
  const inner = places.matcher(own.replace(wrappers, "")).replaceAll("$1");
  const [first = ""] = inner.split(/: unknown\b|: Are you trying/, 1);
  return withoutFullStop(first.trim()).slice(0, maxReasonChars);
}

const withoutFullStop = (text: string) => withoutTrailing(text, ".").trimEnd();
