import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";
import { startLimits } from "../clusters/start-limits.ts";
import type { RunOrder, RunResult } from "../protocol/messages.ts";
import { createDrydockClient, type DrydockClient } from "./drydock-client.ts";
import { createEventStream } from "./event-stream.ts";
import { fetchRun } from "./fetch-run.ts";
import { AttemptOver, startHeartbeat } from "./heartbeat.ts";
import type { StartedCluster } from "./kubernetes/bring-up.ts";
import { startCluster } from "./kubernetes/start-cluster.ts";
import { startWarmCluster, type WarmCluster } from "./kubernetes/warm-cluster.ts";
import { describeError, runChecks } from "./run-checks.ts";
import { createTransport, Refused } from "./transport.ts";
import { waitForEngine } from "./wait-for-engine.ts";

const betweenPollsMs = 250;

export interface AgentOptions {
  address: string;
  token: string;
  docker: Docker;
  /** Folder in which the run's files are put; nothing of a student's may write there. */
  workDir: string;
  /** The machine's own diary, for operators. */
  say(line: string): void;
}

/**
 * Grades the one run of this machine: session, Kubernetes beforehand when it waits in the pool, order, files, checks, result. Resolves when the result
 * was acknowledged or refused, or the attempt is over for this machine; rejects when the machine cannot go on and
 * could not even say so.
 */
export async function runAgent(options: AgentOptions): Promise<"reported" | "over"> {
  const over = new AbortController();
  const transport = createTransport(options.address);
  const client = createDrydockClient(transport, over.signal);
  try {
    const { session, warmUp } = await client.openSession(options.token);
    const heartbeat = startHeartbeat(
      (phase) => client.heartbeat(session, { phase }),
      (reason) => over.abort(reason),
    );
    try {
      const warm = warmUp === null ? null : await warmMachine(options, warmUp, over.signal);
      if (warm !== null) await client.reportWarm(session);
      const order = await pollForRun(client, session, over.signal);
      options.say(`grading ${order.runId}, attempt ${order.attempt}`);
      const result = await gradeRun(options, client, session, { order, warm }, over, heartbeat.enter);
      const { accepted } = await client.reportResult(session, result);
      options.say(`result of ${order.runId} ${accepted ? "accepted" : "refused"}`);
      return "reported";
    } finally {
      heartbeat.stop();
    }
  } catch (error) {
    const reason =
      error instanceof Refused && error.over ? error : over.signal.aborted ? over.signal.reason : null;
    if (reason === null || !(reason instanceof AttemptOver || reason instanceof Refused)) throw error;
    options.say(`over: ${reason.message}`);
    return "over";
  } finally {
    transport.close();
  }
}

async function pollForRun(client: DrydockClient, session: string, signal: AbortSignal): Promise<RunOrder> {
  for (;;) {
    const order = await client.nextRun(session);
    if (order) return order;
    await wait(betweenPollsMs, undefined, { signal });
  }
}

/** Grades and sends every event. Trouble of the machine's own becomes a result that says so. */
async function gradeRun(
  options: AgentOptions,
  client: DrydockClient,
  session: string,
  { order, warm }: { order: RunOrder; warm: WarmCluster | null },
  over: AbortController,
  enter: (phase: "fetching" | "grading" | "reporting") => void,
): Promise<RunResult> {
  const events = createEventStream(
    (batch) => client.appendEvents(session, { events: batch }),
    (error) => over.abort(error instanceof Refused && error.over ? new AttemptOver(error.message) : error),
  );
  const result = (
    outcome: RunResult["outcome"],
    reason: string | null,
    checks: RunResult["checks"],
  ): RunResult => ({ runId: order.runId, attempt: order.attempt, outcome, reason, checks });
  const workDir = path.join(options.workDir, `attempt-${order.attempt}`);

  async function grade(): Promise<RunResult> {
    enter("fetching");
    const sayToStudent = (line: string) => events.emit({ type: "log", check: null, line });
    const [files, kubernetes] = await Promise.all([
      fetchRun(client, session, order, workDir),
      waitForEngine(options.docker, startLimits.engine, over.signal).then(() =>
        warm === null
          ? startKubernetes(options, order, sayToStudent, over.signal)
          : takeKubernetes(warm, order, sayToStudent),
      ),
    ]);
    if (files.strippedFolder !== null)
      sayToStudent(`Everything was handed in inside the folder ${files.strippedFolder}/; it was taken off.`);
    enter("grading");
    const { checks, platformFault } = await runChecks({
      spec: order.spec,
      ...files,
      docker: options.docker,
      kubernetes,
      emit: events.emit,
      signal: over.signal,
    });
    await kubernetes?.close();
    return platformFault === null
      ? result("graded", null, checks)
      : result("platform_fault", platformFault, checks);
  }

  const graded = await grade().catch((error: unknown) => {
    if (over.signal.aborted || (error instanceof Refused && error.over)) throw error;
    options.say(describeError(error));
    return result("platform_fault", error instanceof Error ? error.message : String(error), []);
  });
  enter("reporting");
  await events.flush();
  return graded;
}

/** Before this machine has a run. */
async function warmMachine(
  { docker, say }: AgentOptions,
  { nodes }: { nodes: number },
  signal: AbortSignal,
): Promise<WarmCluster> {
  await waitForEngine(docker, startLimits.engine, signal);
  const warm = await startWarmCluster({ docker, nodes, say, signal });
  say(`warm: a Kubernetes with ${countNodes(nodes)} after ${warm.seconds} s`);
  return warm;
}

async function takeKubernetes(
  warm: WarmCluster,
  { spec }: RunOrder,
  sayToStudent: (line: string) => void,
): Promise<StartedCluster> {
  const cluster = await warm.take(spec.kubernetes);
  const nodes = countNodes(spec.kubernetes.nodes);
  sayToStudent(
    `Kubernetes ${cluster.version} was waiting for you: ${nodes}, ready after ${cluster.seconds} s.`,
  );
  return cluster;
}

const countNodes = (nodes: number) => (nodes === 1 ? "1 node" : `${nodes} nodes`);

/** The run's Kubernetes; null when its exercise asks for none. */
async function startKubernetes(
  { docker, say }: AgentOptions,
  { spec }: RunOrder,
  sayToStudent: (line: string) => void,
  signal: AbortSignal,
): Promise<StartedCluster | null> {
  if (spec.profile !== "kubernetes") return null;
  const nodes = countNodes(spec.kubernetes.nodes);
  sayToStudent(`Starting a Kubernetes of your own with ${nodes}.`);
  const cluster = await startCluster({ docker, spec: spec.kubernetes, say, signal });
  sayToStudent(`Kubernetes ${cluster.version} is ready: ${nodes}, ${cluster.seconds} s.`);
  return cluster;
}
