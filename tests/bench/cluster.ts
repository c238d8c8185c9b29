import type { RunOrder, SequencedEvent } from "#grading/protocol/messages.ts";
import { interrupted, unlessInterrupted } from "./interrupt.ts";
import { type MachineBench, serveOneRun } from "./machine.ts";
import { expectAllPassed, makeOrder } from "./order.ts";

/** Of the catalogue, and not ready before it answers: what the exercise cluster waits for. */
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: nginx:1.26
          ports: [{ containerPort: 80 }]
          readinessProbe:
            httpGet: { path: /, port: 80 }
            periodSeconds: 1
`;

export interface ClusterWork {
  order: RunOrder;
  submissionPath: string;
}

/** A Deployment with three replicas, to be applied and waited for. */
export const threeReplicas = (bench: MachineBench): Promise<ClusterWork> =>
  makeOrder("cluster", { "k8s/web.yaml": deployment }, bench.workDir);

/** A machine with a Kubernetes whose agent has started its cluster and waits for the submission. */
export interface BenchCluster {
  instanceId: string;
  /** From the call that makes the machine's container until the agent says that the whole cluster is ready. */
  seconds: number;
  /** Of these, from where the agent begins with the cluster. */
  ownSeconds: number;
  /** Hands the submission over; seconds from then until the last check had passed. Throws when one did not. */
  grade(): Promise<number>;
  /** Ends the machine. */
  close(): Promise<void>;
}

/** Throws when the cluster is not ready after limitSeconds, with the agent's words where it gave up itself. */
export async function startCluster(
  bench: MachineBench,
  name: string,
  { order, submissionPath }: ClusterWork,
  limitSeconds = 120,
): Promise<BenchCluster> {
  const heard = listen();
  let handOver: () => void = () => {};
  const served = await serveOneRun(bench, {
    name,
    order,
    submissionPath,
    onEvent: heard.onEvent,
    submissionAfter: new Promise((resolve) => {
      handOver = resolve;
    }),
  });
  const limit = AbortSignal.timeout(limitSeconds * 1000);
  const tooLate = new Promise<never>((_resolve, reject) => {
    const late = () => reject(new NotReady(`It was not ready after ${limitSeconds} s.`));
    limit.addEventListener("abort", late, { once: true });
  });
  const gaveUp = served.result.then(({ fault }) => {
    throw new NotReady(fault?.detail ?? "The run ended before the cluster was ready.");
  });
  for (const each of [tooLate, gaveUp]) each.catch(() => {});
  const started = performance.now();
  const machine = await bench.launch(name, served.userData);
  const close = async () => {
    await bench.terminate(machine);
    await served.close();
  };
  try {
    const ownSeconds = await unlessInterrupted(Promise.race([heard.ready, tooLate, gaveUp]));
    return {
      instanceId: machine.instanceId,
      seconds: (performance.now() - started) / 1000,
      ownSeconds,
      async grade() {
        const handedOver = performance.now();
        handOver();
        expectAllPassed(await unlessInterrupted(served.result));
        return (heard.lastCheckAt() - handedOver) / 1000;
      },
      close,
    };
  } catch (error) {
    // The bench itself ends all machines then.
    if (!interrupted.aborted) await close();
    throw error;
  }
}

/** A cluster that did not come up; anything else that is thrown is trouble of the bench. */
export class NotReady extends Error {
  override readonly name = "NotReady";
}

function listen() {
  let begunAt: number | null = null;
  let lastCheckAt = 0;
  let tell: (ownSeconds: number) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const ready = new Promise<number>((resolve, reject) => {
    tell = resolve;
    fail = reject;
  });
  ready.catch(() => {});
  return {
    /** The cluster's own part: between two stamps of the agent, so that no way to the bench is in it. */
    ready,
    lastCheckAt: () => lastCheckAt,
    onEvent({ at, event }: SequencedEvent): void {
      if (event.type === "check-finished") lastCheckAt = performance.now();
      if (event.type !== "log" || event.check !== null) return;
      if (event.line.startsWith("Starting a Kubernetes")) begunAt = Date.parse(at);
      if (!/^Kubernetes \S+ is ready/.test(event.line)) return;
      if (begunAt === null) fail(new Error("The agent did not say when it began with its Kubernetes."));
      else tell((Date.parse(at) - begunAt) / 1000);
    },
  };
}
