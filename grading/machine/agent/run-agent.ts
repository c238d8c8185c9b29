import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";
import type { RunEvent, RunOrder, RunResult } from "../../protocol/messages.ts";
import { part, troubleOf } from "./agent-trouble.ts";
import { describeError } from "./describe-error.ts";
import { createDrydockClient, type DrydockClient } from "./drydock-client.ts";
import { fetchRun } from "./fetch-run.ts";
import { AttemptOver, startHeartbeat } from "./heartbeat.ts";
import { createEventStream } from "./log/event-stream.ts";
import { runChecks } from "./run-checks.ts";
import { startFacilities, type WarmFacilities, warmFacilities } from "./start-facilities.ts";
import { createTransport, Refused } from "./transport.ts";
import { watchInstance } from "./watch-instance.ts";

const betweenPollsMs = 250;

export interface AgentOptions {
  address: string;
  /** See createTransport. */
  ca?: string;
  /** Of an instance: where it is told of its interruption. */
  metadataAddress?: string;
  token: string;
  docker: Docker;
  /** Folder in which the run's files are put; nothing of a student's may write there. */
  workDir: string;
  /** Has the machine power itself off at this instant already, if that is sooner than it would. */
  shorten(leaseUntil: string): Promise<void>;
  /** The machine's own diary, for operators. */
  say(line: string): void;
  /** Aborted when something threw where nobody waits for it: what is known is reported, and the agent ends. */
  crashed: AbortSignal;
}

/**
 * Grades the one run of this machine: session, order, files, checks, result; a machine of the pool starts what it can
 * before it has an order. Resolves when the result was acknowledged or refused, or the attempt is over for this machine;
 * rejects when the machine cannot go on and could not even say so.
 */
export async function runAgent(options: AgentOptions): Promise<"reported" | "over"> {
  const over = new AbortController();
  const transport = createTransport(options.address, options.ca);
  const client = createDrydockClient(transport, over.signal);
  let grading = false;
  // Without a run there is nothing to report.
  const onCrash = () => {
    if (!grading) over.abort(options.crashed.reason);
  };
  options.crashed.addEventListener("abort", onCrash, { once: true });
  try {
    const { session, warmUp } = await client.openSession(options.token);
    const heartbeat = startHeartbeat(
      async (phase) => {
        const reply = await client.heartbeat(session, { phase });
        // A machine of the pool may be a run's long before its agent asks for it.
        await options.shorten(reply.leaseUntil);
        return reply;
      },
      (reason) => over.abort(reason),
    );
    const notices = watchNotices(options, client, session, over.signal);
    try {
      const context = { docker: options.docker, say: options.say, signal: over.signal };
      const warm: WarmFacilities =
        warmUp === null ? new Map() : await warmFacilities(context, warmUp.machineKind, warmUp.nodes);
      if (warmUp !== null) await client.reportWarm(session);
      const order = await pollForRun(client, session, over.signal);
      // A machine of the pool was launched with the pool's lease; a run has it for as long as that run may last.
      await options.shorten(order.leaseUntil);
      options.say(`grading ${order.runId}, attempt ${order.attempt}`);
      grading = true;
      const result = await gradeRun(options, client, session, { order, warm }, over, heartbeat.enter);
      const { accepted } = await client.reportResult(session, result);
      options.say(`result of ${order.runId} ${accepted ? "accepted" : "refused"}`);
      return "reported";
    } finally {
      heartbeat.stop();
      notices.stop();
    }
  } catch (error) {
    const reason =
      error instanceof Refused && error.over ? error : over.signal.aborted ? over.signal.reason : null;
    if (reason === null || !(reason instanceof AttemptOver || reason instanceof Refused)) throw error;
    options.say(`over: ${reason.message}`);
    return "over";
  } finally {
    options.crashed.removeEventListener("abort", onCrash);
    transport.close();
  }
}

/** What the instance is told is passed on; a machine that is not one is told nothing. */
function watchNotices(
  { metadataAddress, say }: AgentOptions,
  client: DrydockClient,
  session: string,
  signal: AbortSignal,
): { stop(): void } {
  if (metadataAddress === undefined) return { stop: () => undefined };
  return watchInstance({
    metadataAddress,
    say,
    tell: async (notice) => {
      say(`told of ${notice.kind} at ${notice.at}`);
      await client.reportNotice(session, notice).catch((error: unknown) => {
        // The attempt is over: nobody needs to know any more.
        if (!signal.aborted && !(error instanceof Refused && error.over)) throw error;
      });
    },
  });
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
  { order, warm }: { order: RunOrder; warm: WarmFacilities },
  over: AbortController,
  enter: (phase: "fetching" | "grading" | "reporting") => void,
): Promise<RunResult> {
  const events = createEventStream(
    (batch) => client.appendEvents(session, { events: batch }),
    (error) => over.abort(error instanceof Refused && error.over ? new AttemptOver(error.message) : error),
  );
  const workDir = path.join(options.workDir, `attempt-${order.attempt}`);
  let checkUnderWay: string | null = null;
  const emit = (event: RunEvent) => {
    if (event.type === "check-started") checkUnderWay = event.check;
    if (event.type === "check-finished") checkUnderWay = null;
    events.emit(event);
  };
  const signal = AbortSignal.any([over.signal, options.crashed]);

  async function grade() {
    enter("fetching");
    const sayToStudent = (line: string) => events.emit({ type: "log", check: null, line });
    const { docker, say } = options;
    const [files, facilities] = await Promise.all([
      part("files", fetchRun({ client, session, say: options.say }, order, workDir)),
      startFacilities({ docker, say, signal }, order.spec, warm, sayToStudent),
    ]);
    if (files.strippedFolder !== null)
      sayToStudent(`Everything was handed in inside the folder ${files.strippedFolder}/; it was taken off.`);
    enter("grading");
    const graded = await runChecks({ spec: order.spec, ...files, facilities, emit, signal });
    for (const facility of [...facilities.values()].reverse()) await facility.close();
    return graded;
  }

  const graded = await Promise.race([grade(), onceAborted(options.crashed)]).catch((error: unknown) => {
    if (over.signal.aborted || (error instanceof Refused && error.over)) throw error;
    options.say(describeError(error));
    return { ...troubleOf(error, checkUnderWay), checks: [] };
  });
  enter("reporting");
  await events.flush();
  return { runId: order.runId, attempt: order.attempt, ...graded };
}

function onceAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
