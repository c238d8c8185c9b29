import os from "node:os";
import path from "node:path";
import { newId } from "#course/ids.ts";
import { type MachineKind, sizeOf } from "#grading/machines/machine-kind.ts";
import type { MachineProvider, MachineShape } from "#grading/machines/provider.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import type { Uplink } from "#infra/compute/docker/uplink/uplink.ts";
import { loadConfig } from "#infra/config/config.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { keepOnce } from "#infra/storage/keep-once.ts";
import { showMachineImage } from "../demo/machine-image.ts";
import { createProgress } from "../demo/progress.ts";
import { ensureAgentBundle } from "./agent-bundle.ts";

/** Machines of one kind on this computer, for commands that grade without a worker. */
export interface LocalMachines {
  shape: MachineShape;
  /** Tag of these machines, of this user on this computer; a site's fleet has another and leaves them alone. */
  installation: string;
  /** How the machines reach Drydock. */
  uplink: Uplink;
  /** A provider whose machines find the agent's socket, where they call by it, in `gatewayDir`. */
  providerFor(gatewayDir: string): MachineProvider;
  close(): Promise<void>;
}

/**
 * Makes sure of the engine, the agent's bundle and its machine image, each made when missing or stale.
 * Long steps show their progress on standard error. Throws AppError with a sentence.
 */
export async function openLocalMachines(options: {
  installEngine: boolean;
  machineKind: MachineKind;
}): Promise<LocalMachines> {
  const config = loadConfig();
  const progress = createProgress();
  const engine = await progress.step("Docker engine", (update) =>
    ensureEngine({ install: options.installEngine, onProgress: (p) => update(p.fraction, p.line ?? p.step) }),
  );
  const agentBundle = await progress.step("Agent", () => ensureAgentBundle());
  const { image } = await showMachineImage(progress, {
    docker: engine.docker,
    machineKind: options.machineKind,
  });
  // Where the folders of runs will be: what an engine shares with its machines depends on the place.
  const folder = os.tmpdir();
  const uplink = await chooseUplink({ docker: engine.docker, image, setting: config.uplink, folder });
  return {
    shape: { kind: options.machineKind, ...sizeOf(options.machineKind, config.machineSizes) },
    installation: await keepOnce(path.join(config.cacheDir, "installation"), newInstallation),
    uplink,
    providerFor: (gatewayDir) =>
      createDockerProvider({
        docker: engine.docker,
        imageOf: () => image,
        agentBundle,
        gatewayDir,
        uplink,
        runtime: config.machineRuntime,
        usdPerHour: config.machineUsdPerHour,
        clock: systemClock,
      }),
    close: () => engine.stop(),
  };
}

const newInstallation = () => newId("ins", systemClock());
