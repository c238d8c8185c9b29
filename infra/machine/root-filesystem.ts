import { spawn } from "node:child_process";
import { once } from "node:events";
import type Docker from "dockerode";
import { AppError } from "#course/errors.ts";
import type { AptSource } from "./apt-source.ts";
import { aptInstall, hasProgram } from "./debian-host.ts";
import { eachLine } from "./engine/engine-lines.ts";
import { pullImage } from "./pull-image.ts";
import { imageName, rootRecipe } from "./recipe.ts";

type Report = (step: string, fraction: number | null, line?: string) => void;

const registryImage = `debian:${rootRecipe.suite}-slim`;

/**
 * Makes `image`, the bare Debian root that provision.sh starts from: Debian's own image where the engine has it or
 * reaches a registry, else made here by mmdebstrap, which is installed when missing (root on Debian or Ubuntu).
 * Throws AppError no-debian-root when neither way is open.
 */
export async function makeRoot(options: {
  docker: Docker;
  image: string;
  apt: AptSource;
  report: Report;
  /** Ends it; no image is then made. */
  signal: AbortSignal;
  /** Not what the engine may have of it already. */
  anew: boolean;
}): Promise<void> {
  const { docker, image, report, signal, anew } = options;
  report(`Asking a registry for ${registryImage}`, 0.05);
  const onLine = (line: string) => report("Pulling Debian", null, line);
  const pulled = await pullImage(docker, registryImage, { onLine, signal, anew });
  if (pulled.outcome === "pulled") {
    await docker.getImage(registryImage).tag(imageName(image));
    return;
  }
  report("Making the Debian root with mmdebstrap", 0.1, `No registry: ${pulled.message}`);
  await requireMmdebstrap(pulled.message, report);
  await importRoot(options);
}

async function requireMmdebstrap(registryMessage: string, report: Report): Promise<void> {
  if (await hasProgram("mmdebstrap")) return;
  const installed = await aptInstall(["mmdebstrap", "debian-archive-keyring"], (line) =>
    report("Installing mmdebstrap", null, line),
  );
  if (installed.outcome === "installed") return;
  throw new AppError({
    code: "no-debian-root",
    userMessage: `The machine image needs ${registryImage}, which no registry gave (${registryMessage}), or the program mmdebstrap, which is not here: ${installed.message}`,
    retryable: true,
  });
}

/** mmdebstrap writes a tar to its standard output, which goes straight into the engine. */
async function importRoot(options: {
  docker: Docker;
  image: string;
  apt: AptSource;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { docker, apt, report, signal } = options;
  signal.throwIfAborted();
  const child = spawn(
    "mmdebstrap",
    [
      `--variant=${rootRecipe.variant}`,
      `--include=${rootRecipe.packages.join(",")}`,
      ...(apt.proxy === null ? [] : [`--aptopt=Acquire::http::Proxy "${apt.proxy}"`]),
      rootRecipe.suite,
      "-",
      ...(apt.mirror === null ? [] : [`deb ${apt.mirror} ${rootRecipe.suite} main`]),
      ...(apt.securityMirror === null ? [] : [`deb ${apt.securityMirror} ${rootRecipe.suite}-security main`]),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  // Not by the signal itself: what the engine has of it by then is to be removed all the same.
  const endEarly = () => void child.kill();
  signal.addEventListener("abort", endEarly, { once: true });
  const last: string[] = [];
  const lines = eachLine(child.stderr, (line) => {
    last.push(line);
    if (last.length > 15) last.shift();
    report("Making the Debian root with mmdebstrap", null, line);
  });
  const [imported, [status]] = await Promise.all([
    docker.importImage(child.stdout, imageName(options.image)).then((reply) => endOf(docker, reply)),
    once(child, "close") as Promise<[number | null]>,
    lines,
  ]);
  signal.removeEventListener("abort", endEarly);
  if (status !== 0) {
    // Half a root must not pass for a whole one the next time.
    if (imported) await docker.getImage(options.image).remove();
    signal.throwIfAborted();
    throw new Error(`mmdebstrap ended with status ${status}. Its last lines:\n${last.join("\n")}`);
  }
}

/** true when the engine made an image of what it got. */
async function endOf(docker: Docker, reply: NodeJS.ReadableStream): Promise<boolean> {
  return new Promise((resolve) => {
    docker.modem.followProgress(reply, (error) => resolve(error === null));
  });
}
