import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { createDrydockClient } from "#grading/machine/agent/drydock-client.ts";
import { createTransport, Refused } from "#grading/machine/agent/transport.ts";
import type { LaunchSpec } from "#grading/machines/provider.ts";
import type { InstanceNotice, RunOrder, RunResult } from "#grading/protocol/messages.ts";

export interface PlayedAgent {
  instanceId: string;
  machineId: string;
  order: RunOrder;
  /** Says what its instance was told. */
  tell(notice: InstanceNotice): Promise<void>;
  /** What became of its result. */
  ended: Promise<"reported" | Refused>;
}

/**
 * Agents that run in this process and call the gateway as real ones do, by the same client. Each beats from its session
 * on, judges what it was handed, and reports when it may; told to stop, it reports all the same, as one that heard of it
 * too late.
 */
export function playAgents(parts: {
  /** What a submission of these bytes gets. */
  judge(order: RunOrder, submission: string): Omit<RunResult, "runId" | "attempt">;
  /** Resolves when this one may report. */
  mayReport(agent: PlayedAgent): Promise<void>;
  /** It has nothing left to do. */
  powerOff(instanceId: string): void;
  onError(error: unknown): void;
}) {
  const agents: PlayedAgent[] = [];
  const over = new AbortController();
  const play = async (spec: LaunchSpec, instanceId: string) => {
    const { agentAddress, token } = spec.userData;
    const transport = createTransport(agentAddress);
    const client = createDrydockClient(transport, over.signal);
    const { session, machineId } = await client.openSession(token);
    let beating = Promise.resolve();
    const beat = setInterval(() => {
      beating = client.heartbeat(session, { phase: "grading" }).then(
        () => undefined,
        (error: unknown) => {
          // Its attempt is over; what it does not hear now it hears with its result.
          if (!(error instanceof Refused) && !over.signal.aborted) parts.onError(error);
        },
      );
    }, 2_000);
    try {
      let order = await client.nextRun(session);
      for (; order === null; order = await client.nextRun(session)) await pause(50);
      const { runId, attempt } = order;
      const submission = await text((await transport.open("/agent/files/submission", session)).stream);
      const result = { runId, attempt, ...parts.judge(order, submission) };
      let end: (how: "reported" | Refused) => void = () => undefined;
      const ended = new Promise<"reported" | Refused>((resolve) => {
        end = resolve;
      });
      const tell = (notice: InstanceNotice) => client.reportNotice(session, notice);
      const agent: PlayedAgent = { instanceId, machineId, order, tell, ended };
      agents.push(agent);
      await parts.mayReport(agent);
      end(await client.reportResult(session, result).then(() => "reported" as const, refusal));
    } finally {
      clearInterval(beat);
      await beating;
      transport.close();
      parts.powerOff(instanceId);
    }
  };
  return {
    /** Those that have their order, in the order in which they got it. */
    agents: agents as readonly PlayedAgent[],
    play: (spec: LaunchSpec, instanceId: string) => {
      void play(spec, instanceId).catch((error: unknown) => {
        if (!over.signal.aborted) parts.onError(error);
      });
    },
    stop: () => over.abort(),
  };
}

function refusal(error: unknown): Refused {
  if (error instanceof Refused) return error;
  throw error;
}
