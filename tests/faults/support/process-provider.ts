import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Instance, LaunchSpec, MachineProvider } from "#grading/machines/provider.ts";

interface MachineFile {
  installation: string;
  userData: LaunchSpec["userData"];
  launchedAt: string;
  pid: number | null;
}

/**
 * A provider whose machines are processes described by files in a folder, so that they outlive the worker and the
 * test sees them. Files in the folder steer it: hold-launch stops a launch before there is a machine,
 * lose-launch-reply makes every launch fail after its machine was made, fail-terminate leaves machines alive, hang keeps
 * every call for ever.
 */
export function createProcessProvider(folder: string): MachineProvider {
  const provider = createAnsweringProvider(folder);
  const orHang = <Result>(work: () => Promise<Result>): Promise<Result> =>
    existsSync(path.join(folder, "hang")) ? new Promise(() => {}) : work();
  return {
    name: provider.name,
    launch: (spec) => orHang(() => provider.launch(spec)),
    list: (deployment) => orHang(() => provider.list(deployment)),
    terminate: (instanceId) => orHang(() => provider.terminate(instanceId)),
    priceOf: (machineKind, now) => orHang(() => provider.priceOf(machineKind, now)),
  };
}

function createAnsweringProvider(folder: string): MachineProvider {
  return {
    name: "process",
    launch: async (spec) => {
      while (existsSync(path.join(folder, "hold-launch"))) {
        await writeFile(path.join(folder, "launch-held"), "");
        await pause(30);
      }
      const machine = await launch(folder, spec);
      if (existsSync(path.join(folder, "lose-launch-reply"))) throw new Error("socket hang up");
      return machine;
    },
    list: async (installation) =>
      (await listMachines(folder)).filter((machine) => machine.installation === installation),
    terminate: async (instanceId) => {
      if (existsSync(path.join(folder, "fail-terminate"))) throw new Error("the provider is away");
      await terminateMachine(folder, instanceId);
      return "gone";
    },
    priceOf: async () => 3600,
  };
}

async function launch(folder: string, spec: LaunchSpec): Promise<Instance> {
  const file = fileOf(folder, spec.machineId);
  const described: MachineFile = {
    installation: spec.installation,
    userData: spec.userData,
    launchedAt: new Date().toISOString(),
    pid: null,
  };
  const made = await writeFile(file, JSON.stringify(described), { flag: "wx" }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
  if (made) {
    const program = fileURLToPath(new URL("./machine.mjs", import.meta.url));
    const child = spawn(process.execPath, [program, folder, spec.machineId], {
      detached: true,
      stdio: "ignore",
    });
    child.unref();
    // Replaced in one step: whoever lists machines reads the one or the other.
    await writeFile(`${file}.new`, JSON.stringify({ ...described, pid: child.pid ?? null }));
    await rename(`${file}.new`, file);
  }
  const machine = (await listMachines(folder)).find((candidate) => candidate.machineId === spec.machineId);
  if (!machine) throw new Error(`The machine of ${spec.machineId} vanished while it was launched.`);
  return machine;
}

export async function listMachines(folder: string): Promise<Instance[]> {
  const names = (await readdir(folder)).filter((name) => /^mch_.*\.json$/.test(name));
  const machines = await Promise.all(names.map((name) => readMachine(folder, name.replace(/\.json$/, ""))));
  return machines.filter((machine) => machine !== null);
}

async function readMachine(folder: string, machineId: string): Promise<Instance | null> {
  const described = await readDescription(folder, machineId);
  if (described === null) return null;
  return {
    instanceId: machineId,
    machineId,
    installation: described.installation,
    state: described.pid !== null && (await isRunning(described.pid)) ? "running" : "stopped",
    launchedAt: new Date(described.launchedAt),
    leaseUntil: new Date(described.userData.leaseUntil),
    offering: null,
  };
}

async function readDescription(folder: string, machineId: string): Promise<MachineFile | null> {
  try {
    const text = await readFile(fileOf(folder, machineId), "utf8");
    // Empty while its first writing is under way.
    return text === "" ? null : (JSON.parse(text) as MachineFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** A zombie that nobody waited for has ended too. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat !== null && !/\) Z /.test(stat);
}

export async function killMachine(folder: string, machineId: string): Promise<void> {
  const described = await readDescription(folder, machineId);
  if (described?.pid == null) return;
  signalMachine(described.pid, "SIGKILL");
  while (await isRunning(described.pid)) await pause(10);
}

/** SIGSTOP makes a machine fall silent, SIGCONT brings it back as if nothing had been. */
export async function stopOrContinue(folder: string, machineId: string, signal: "SIGSTOP" | "SIGCONT") {
  const described = await readDescription(folder, machineId);
  if (described?.pid == null) throw new Error(`There is no machine ${machineId}.`);
  signalMachine(described.pid, signal);
}

function signalMachine(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function terminateMachine(folder: string, instanceId: string): Promise<void> {
  await killMachine(folder, instanceId);
  await rm(fileOf(folder, instanceId), { force: true });
}

function fileOf(folder: string, machineId: string): string {
  return path.join(folder, `${machineId}.json`);
}
