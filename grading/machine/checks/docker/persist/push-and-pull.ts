import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { CheckContext } from "../../kit/define-check.ts";

interface Progress {
  error?: string;
  status?: string;
  id?: string;
}

/**
 * Tags an image for the registry, pushes it, removes every local name of it, pulls it, and gives it its first name
 * back. Returns what went wrong, a sentence, or null: the registry is the machine's, so it is never the
 * student's fault.
 */
export async function pushAndPull(
  context: CheckContext,
  local: string,
  target: string,
): Promise<string | null> {
  const { docker } = context;
  const { Id: id } = await docker.getImage(local).inspect();
  const [repo, tag] = splitTarget(target);
  await docker.getImage(local).tag({ repo, tag });
  // Engines ask for credentials even where none are needed.
  const pushed = await follow(context, docker.getImage(target).push({ authconfig: {} }) as Promise<Readable>);
  if (pushed !== null) return `The push failed: ${pushed}.`;
  context.log(`pushed ${target}`);
  for (const name of [target, local]) await docker.getImage(name).remove({ force: true });
  const pulled = await follow(context, docker.pull(target) as Promise<Readable>);
  if (pulled !== null) return `The pull failed: ${pulled}.`;
  context.log(`removed it here and pulled ${target}`);
  const back = await docker.getImage(target).inspect();
  // Checks that come later use the image by its first name.
  const [localRepo, localTag] = splitTarget(local);
  await docker.getImage(target).tag({ repo: localRepo, tag: localTag });
  return back.Id === id ? null : `The pulled image is ${back.Id}, the pushed one was ${id}.`;
}

/** Takes the student's name off the image: no later build may know one. The image stays under its first name. */
export async function forgetName({ docker }: CheckContext, target: string): Promise<void> {
  try {
    await docker.getImage(target).remove({ force: true });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}

function splitTarget(name: string): [string, string] {
  const colon = name.lastIndexOf(":");
  return [name.slice(0, colon), name.slice(colon + 1)];
}

/** Follows a push or pull to its end; its error, or null. */
async function follow(context: CheckContext, started: Promise<Readable>): Promise<string | null> {
  const stream = await started;
  const { modem } = context.docker as Docker & {
    modem: { followProgress(s: Readable, done: (error: Error | null, steps: Progress[]) => void): void };
  };
  const steps = await new Promise<Progress[]>((resolve, reject) =>
    modem.followProgress(stream, (error, all) => (error ? reject(error) : resolve(all))),
  );
  return steps.find((step) => step.error)?.error ?? null;
}
