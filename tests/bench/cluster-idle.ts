import { setTimeout as wait } from "node:timers/promises";
import { startCluster, threeReplicas } from "./cluster.ts";
import { unlessInterrupted } from "./interrupt.ts";
import { withMachines } from "./machine.ts";
import { machineUse } from "./machine-use.ts";
import { percentile, type Row } from "./table.ts";

const settleSeconds = 30;
const samples = 30;
const betweenSamplesMs = 2000;

/** What a machine takes whose cluster is ready and has nothing to do: agent, engine, control plane, node, name server. */
export async function measureClusterIdle(): Promise<Row[]> {
  return withMachines({ machineKind: "engine+kubernetes" }, async (bench) => {
    const cluster = await startCluster(bench, "idle", await threeReplicas(bench));
    // Idle is what is left once start-up is over.
    await unlessInterrupted(wait(settleSeconds * 1000));
    const first = await machineUse(bench.docker, cluster.instanceId);
    const memory = [first.memoryMiB];
    let last = first;
    while (memory.length < samples) {
      await unlessInterrupted(wait(betweenSamplesMs));
      last = await machineUse(bench.docker, cluster.instanceId);
      memory.push(last.memoryMiB);
    }
    await cluster.close();
    const seconds = (last.atMs - first.atMs) / 1000;
    const most = Math.max(...memory);
    return [
      {
        goal: "idle cluster's machine under 550 MB",
        figure: `p50 ${percentile(memory, 50).toFixed(0)} MiB, most ${most.toFixed(0)} MiB, and ${last.fileCacheMiB.toFixed(0)} MiB of files' page cache not counted (cgroup, ${samples} samples)`,
        pass: most * 1.048576 < 550,
      },
      {
        goal: "idle cluster's use of processors",
        figure: `${((last.cpuSeconds - first.cpuSeconds) / seconds).toFixed(2)} of a core over ${seconds.toFixed(0)} s`,
        pass: null,
      },
    ];
  });
}
