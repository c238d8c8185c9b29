import { setTimeout as wait } from "node:timers/promises";
import { threeReplicas } from "./cluster.ts";
import { unlessInterrupted } from "./interrupt.ts";
import { type MachineBench, serveOneRun, withMachines } from "./machine.ts";
import { machineUse } from "./machine-use.ts";
import { expectAllPassed } from "./order.ts";
import { inShort, percentile, type Row } from "./table.ts";

const takes = 8;
/** Two naps at least, and each time another moment of one. */
const sleepSeconds = (take: number) => 14 + take * 0.9;

/** Machines of the pool, each taken by a run out of its sleep. */
export async function measureClusterPool(): Promise<Row[]> {
  return withMachines({ machineKind: "engine+kubernetes" }, async (bench) => {
    const work = await threeReplicas(bench);
    const seconds: number[] = [];
    const cores: number[] = [];
    for (let take = 0; take < takes; take += 1) {
      const measured = await takeOne(bench, `take-${take}`, work, sleepSeconds(take));
      seconds.push(measured.seconds);
      cores.push(measured.cores);
    }
    return [
      {
        goal: "from the sleeping pool to a first answer under 2 s",
        figure: `${inShort(seconds)}, from the run's turn until its namespaces take pods (${takes} machines, all graded in full afterwards)`,
        pass: percentile(seconds, 95) < 2,
      },
      {
        goal: "a sleeping machine's use of processors",
        figure: `p50 ${percentile(cores, 50).toFixed(3)} of a core, most ${Math.max(...cores).toFixed(3)}`,
        pass: null,
      },
    ];
  });
}

async function takeOne(
  bench: MachineBench,
  name: string,
  work: Awaited<ReturnType<typeof threeReplicas>>,
  sleepsSeconds: number,
): Promise<{ seconds: number; cores: number }> {
  const warm = later<void>();
  const answered = later<number>();
  let taken = false;
  const served = await serveOneRun(bench, {
    ...work,
    name,
    pool: {
      nodes: work.order.spec.facilities.kubernetes?.nodes ?? 1,
      onWarm: warm.resolve,
      taken: () => taken,
    },
    onEvent: ({ event }) => {
      if (event.type === "log" && event.line.includes("was waiting for you"))
        answered.resolve(performance.now());
    },
  });
  const machine = await bench.launch(name, served.userData);
  await unlessInterrupted(warm.promise);
  const before = await machineUse(bench.docker, machine.instanceId);
  await unlessInterrupted(wait(sleepsSeconds * 1000));
  const after = await machineUse(bench.docker, machine.instanceId);
  const turn = performance.now();
  taken = true;
  // The result comes first only when the machine could not give the run its cluster.
  const first = await unlessInterrupted(
    Promise.race([answered.promise, served.result.then(({ fault }) => String(fault?.detail))]),
  );
  if (typeof first === "string") throw new Error(first);
  expectAllPassed(await unlessInterrupted(served.result));
  await bench.terminate(machine);
  await served.close();
  return {
    seconds: (first - turn) / 1000,
    cores: ((after.cpuSeconds - before.cpuSeconds) * 1000) / (after.atMs - before.atMs),
  };
}

function later<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
