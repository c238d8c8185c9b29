import { startCluster, threeReplicas } from "./cluster.ts";
import { withMachines } from "./machine.ts";
import { inShort, percentile, type Row } from "./table.ts";

const starts = 10;

/** Machines with a Kubernetes one after another, each given a Deployment as soon as it is ready. */
export async function measureClusterStart(): Promise<Row[]> {
  return withMachines({ machineKind: "engine+kubernetes" }, async (bench) => {
    const work = await threeReplicas(bench);
    const all: number[] = [];
    const own: number[] = [];
    const replicas: number[] = [];
    // The first start reads the image from disk: it warms up and is not counted.
    for (let start = 0; start <= starts; start += 1) {
      const cluster = await startCluster(bench, `start-${start}`, work);
      try {
        const graded = await cluster.grade();
        if (start === 0) continue;
        all.push(cluster.seconds);
        own.push(cluster.ownSeconds);
        replicas.push(graded);
      } finally {
        await cluster.close();
      }
    }
    const { cpus, memoryMiB } = bench.shape;
    return [
      {
        goal: "Kubernetes machine created to ready p95 under 10 s",
        figure: `${inShort(all)}, of it the cluster itself ${inShort(own)} (${starts} starts, 1 node, ${cpus} CPU, ${memoryMiB} MiB)`,
        pass: percentile(all, 95) < 10,
      },
      {
        goal: "three replicas ready p95 within 3 s after the cluster",
        figure: `${inShort(replicas)} (${starts} Deployments of nginx with a readiness probe, applied and waited for by the checks)`,
        pass: percentile(replicas, 95) <= 3,
      },
    ];
  });
}
