import os from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { type BenchCluster, type ClusterWork, NotReady, startCluster, threeReplicas } from "./cluster.ts";
import { unlessInterrupted } from "./interrupt.ts";
import { type MachineBench, withMachines } from "./machine.ts";
import { hostUse } from "./machine-use.ts";
import type { Row } from "./table.ts";

/** More than these are not tried. */
const most = 16;
/** A cluster that takes longer is not ready in time. */
const readySeconds = 60;
/** What must be left for the rest of the computer once another one is there, MiB. */
const floorMiB = 2048;
/** What a cluster is taken to need before one was seen, MiB. */
const firstGuessMiB = 1024;
const idleSeconds = 20;
/** Share of the processors from which on none is left for work. */
const usedUp = 0.9;
const together = [1, 2, 4];
const cores = os.availableParallelism();

/** How many clusters this computer holds, and how long they take when several start at once. */
export async function measureClusterCapacity(): Promise<Row[]> {
  return withMachines({ machineKind: "engine+kubernetes" }, async (bench) => {
    const work = await threeReplicas(bench);
    const rows: Row[] = [];
    for (const number of together) rows.push(await startTogether(bench, work, number));
    rows.push(await fill(bench, work));
    return rows;
  });
}

async function startTogether(bench: MachineBench, work: ClusterWork, number: number): Promise<Row> {
  const started = await Promise.allSettled(
    Array.from({ length: number }, (_each, index) => startCluster(bench, `at-once-${number}-${index}`, work)),
  );
  const clusters = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  await Promise.all(clusters.map((cluster) => cluster.close()));
  for (const each of started)
    if (each.status === "rejected" && !(each.reason instanceof NotReady)) throw each.reason;
  const failed = number - clusters.length;
  const seconds = clusters.map((cluster) => cluster.seconds.toFixed(1)).join(", ");
  return {
    goal: `${number} ${number === 1 ? "cluster" : "clusters"} started at once: created to ready`,
    figure: `${seconds} s${failed > 0 ? `, and ${failed} not ready` : ""} (1 time)`,
    pass: null,
  };
}

async function fill(bench: MachineBench, work: ClusterWork): Promise<Row> {
  const clusters: BenchCluster[] = [];
  const takenMiB: number[] = [];
  let bound: string | null = null;
  while (bound === null && clusters.length < most) {
    const before = await hostUse();
    const needMiB = takenMiB.length === 0 ? firstGuessMiB : Math.max(...takenMiB);
    if (before.availableMiB - needMiB < floorMiB) {
      bound = `memory: one more takes ${inGiB(needMiB)} of ${inGiB(before.availableMiB)}, and ${inGiB(floorMiB)} must stay free`;
      break;
    }
    try {
      clusters.push(await startCluster(bench, `fill-${clusters.length}`, work, readySeconds));
    } catch (error) {
      if (!(error instanceof NotReady)) throw error;
      // Memory was left, so it is the processors unless the agent names something else.
      const busy = `${coresBetween(before, await hostUse()).toFixed(1)} of ${cores} cores busy`;
      bound = `the next one's start with ${busy} and ${inGiB(before.availableMiB)} free: ${error.message.split("\n")[0]}`;
    }
    takenMiB.push(before.availableMiB - (await hostUse()).availableMiB);
  }
  const before = await hostUse();
  await unlessInterrupted(wait(idleSeconds * 1000));
  const after = await hostUse();
  const idleCores = coresBetween(before, after);
  if (idleCores > usedUp * cores) bound ??= "processors: idle, the clusters alone keep them busy";
  const idle = `idle, all take ${idleCores.toFixed(1)} cores and leave ${inGiB(after.availableMiB)} free`;
  const proof = await giveWorkToAll(clusters);
  const seconds = clusters.map((cluster) => cluster.seconds.toFixed(0)).join(", ");
  return {
    goal: `clusters that this computer holds (${cores} cores, ${inGiB(os.totalmem() / 2 ** 20)})`,
    figure: `${clusters.length}, bound by ${bound ?? "this bench, which starts no more"}; ${idle}; ready after ${seconds} s one after another; ${proof}`,
    pass: null,
  };
}

type HostUse = Awaited<ReturnType<typeof hostUse>>;
const coresBetween = (from: HostUse, to: HostUse): number =>
  (to.busySeconds - from.busySeconds) / ((to.atMs - from.atMs) / 1000);

/** Clusters that are there, but of no use, do not count as held: each is given a Deployment, all at once. */
async function giveWorkToAll(clusters: BenchCluster[]): Promise<string> {
  const used = await Promise.allSettled(clusters.map((cluster) => cluster.grade()));
  const seconds = used.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = used.length - seconds.length;
  return `three replicas in each, all at once: ready in ${seconds.length} of ${used.length}${failed < used.length ? ` after at most ${Math.max(...seconds).toFixed(0)} s` : ""}`;
}

const inGiB = (mib: number): string => `${(mib / 1024).toFixed(1)} GiB`;
