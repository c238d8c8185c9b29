import { type MachineBench, serveOneRun, withMachines } from "./machine.ts";
import { makeOrder } from "./order.ts";
import { percentile, type Row } from "./table.ts";

const boots = 20;

/** From launch asked to the agent's word that files and engine are ready, one machine after another. */
export async function measureBoot(): Promise<Row[]> {
  return withMachines({ machineKind: "engine" }, async (bench) => {
    const seconds: number[] = [];
    // The first boot reads the image from disk: it warms up and is not counted.
    for (let boot = 0; boot <= boots; boot += 1) {
      const ms = await bootOnce(bench, boot);
      if (boot > 0) seconds.push(ms / 1000);
    }
    const p95 = percentile(seconds, 95);
    return [
      {
        goal: "machine boot to ready p95 under 4 s",
        figure: `p50 ${percentile(seconds, 50).toFixed(2)} s, p95 ${p95.toFixed(2)} s (${boots} boots, uplink ${bench.uplink.kind})`,
        pass: p95 < 4,
      },
    ];
  });
}

async function bootOnce(bench: MachineBench, boot: number): Promise<number> {
  const { order, submissionPath } = await makeOrder(
    "overhead",
    { Dockerfile: "FROM busybox\n" },
    bench.workDir,
  );
  let ready: () => void = () => {};
  const grading = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const served = await serveOneRun(bench, {
    name: `boot-${boot}`,
    order,
    submissionPath,
    onHeartbeat: (phase) => phase === "grading" && ready(),
  });
  const started = performance.now();
  const machine = await bench.launch(`boot-${boot}`, served.userData);
  try {
    await grading;
    return performance.now() - started;
  } finally {
    await bench.terminate(machine);
    await served.close();
  }
}
