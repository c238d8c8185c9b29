import { spawn } from "node:child_process";
import path from "node:path";
import { AppError } from "#course/errors.ts";
import type { ClusterProvider } from "#grading/clusters/provider.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { loadConfig } from "#infra/config/config.ts";
import { ensureEngine } from "#infra/machine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import { createProgress } from "../demo/progress.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Machines on this computer, for commands that grade without a worker. */
export interface LocalMachines {
  size: { cpus: number; memoryMiB: number };
  /** Tag of these machines; the worker's fleet has another and leaves them alone. */
  deployment: string;
  /** A provider whose machines find the agent's socket in `gatewayDir`. */
  providerFor(gatewayDir: string): ClusterProvider;
  close(): Promise<void>;
}

/**
 * Makes sure of the engine, the agent's bundle and the machine image, each made when missing or stale.
 * Long steps show their progress on standard error. Throws AppError with a sentence.
 */
export async function openLocalMachines(options: { installEngine: boolean }): Promise<LocalMachines> {
  const config = loadConfig();
  const progress = createProgress();
  const engine = await step("Docker engine", (update) =>
    ensureEngine({ install: options.installEngine, onProgress: (p) => update(p.fraction, p.line ?? p.step) }),
  );
  await step("Agent", () => bundleAgent());
  const { image } = await step("Machine image", (update) =>
    ensureMachineImage({ docker: engine.docker, onProgress: (p) => update(p.fraction, p.line ?? p.step) }),
  );
  return {
    size: { cpus: config.machine.cpus, memoryMiB: config.machine.memoryMiB },
    deployment: `${config.deployment}-cli`,
    providerFor: (gatewayDir) =>
      createDockerProvider({
        docker: engine.docker,
        image,
        agentBundle: path.join(root, "dist/agent.mjs"),
        gatewayDir,
        usdPerHour: config.machine.usdPerHour,
        clock: systemClock,
      }),
    close: () => engine.stop(),
  };

  async function step<T>(
    title: string,
    work: (update: (fraction: number | null, detail?: string) => void) => Promise<T>,
  ): Promise<T> {
    const shown = progress.step(title);
    const result = await work(shown.update);
    shown.done();
    return result;
  }
}

/** Bundling takes less than a look at every source's time, so it is simply done again. */
async function bundleAgent(): Promise<void> {
  const child = spawn(process.execPath, [path.join(root, "infra/build/bundle.mjs")], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new AppError({
    code: "bundle-failed",
    userMessage: `The agent could not be bundled.\n${output.join("").trim()}`,
  });
}
