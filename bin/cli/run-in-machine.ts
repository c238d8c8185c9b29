import { randomBytes } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { newId } from "#course/ids.ts";
import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { leaseFor } from "#grading/machines/lease.ts";
import { kindFor } from "#grading/machines/machine-kind.ts";
import type { MachineProvider } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import type { RunEvent, RunOrder, RunResult } from "#grading/protocol/messages.ts";
import { createOneRunService } from "#grading/protocol/one-run-service.ts";
import { serveAgentGateway } from "#infra/agent-gateway/serve.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { addressInMachine, gatewayListen } from "#infra/compute/docker/uplink/uplink.ts";
import type { LocalMachines } from "./local-machines.ts";
import type { PreparedSubmission } from "./prepare-submission.ts";
import { endLeftovers, noteSession, watchMachine } from "./watch-machine.ts";

export interface MachineJob {
  spec: ExerciseSpec;
  submission: PreparedSubmission;
  /** null when the exercise has no hidden files. */
  hiddenTar: string | null;
  /** A private folder for the agent's socket. */
  workDir: string;
  onEvent: (event: RunEvent) => void;
  signal: AbortSignal;
}

/** The machine ended or stayed without a word; reason: a sentence. */
export interface MachineSilent {
  outcome: "silent";
  reason: string;
}

/**
 * Boots one machine, lets its agent grade one submission and terminates it, also when that fails or is aborted.
 * A machine that never reports, ends without a result or outlives its lease is silent.
 * seconds: from launch until the machine is gone. Throws AbortError once an aborted run's machine is gone.
 */
export async function runInMachine(
  machines: LocalMachines,
  job: MachineJob,
): Promise<{ result: RunResult | MachineSilent; seconds: number }> {
  job.signal.throwIfAborted();
  const gatewayDir = path.join(job.workDir, "gateway");
  await mkdir(gatewayDir);
  const provider = machines.providerFor(gatewayDir);
  await endLeftovers(provider, machines.installation);

  const order = await makeOrder(job);
  const token = randomBytes(32).toString("base64url");
  const machineId = newId("mch", systemClock());
  let report: (result: RunResult) => void = () => {};
  const reported = new Promise<RunResult>((resolve) => {
    report = resolve;
  });
  const agent = noteSession(
    createOneRunService({
      order,
      token,
      machineId,
      submissionPath: job.submission.file,
      hiddenPath: job.hiddenTar,
      onEvent: ({ event }) => job.onEvent(event),
      onResult: report,
    }),
  );
  const listen = gatewayListen(machines.uplink, path.join(gatewayDir, "agent.sock"), 0);
  const gateway = await serveAgentGateway(agent.service, listen);
  const launchedAt = performance.now();
  try {
    const launch = {
      installation: machines.installation,
      machineId,
      shape: machines.shape,
      userData: {
        agentAddress: addressInMachine(gateway.address),
        token,
        leaseUntil: order.leaseUntil,
      },
    };
    const result = await whileMachineLives(provider, launch, agent.called, job.signal, reported);
    const seconds = secondsSince(launchedAt);
    return { result: typeof result === "string" ? { outcome: "silent", reason: result } : result, seconds };
  } finally {
    await gateway.close();
  }
}

/** The result, or a sentence that says why there will be none. The machine is gone in either case. */
async function whileMachineLives(
  provider: MachineProvider,
  launch: Parameters<MachineProvider["launch"]>[0],
  agentCalled: () => boolean,
  signal: AbortSignal,
  reported: Promise<RunResult>,
): Promise<RunResult | string> {
  const machine = await provider.launch(launch);
  const done = new AbortController();
  try {
    const failed = watchMachine(provider, machine, agentCalled, done.signal);
    return await Promise.race([reported, failed, untilAborted(signal)]);
  } finally {
    done.abort();
    await provider.terminate(machine.instanceId);
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

async function makeOrder({ spec, submission, hiddenTar }: MachineJob): Promise<RunOrder> {
  const now = systemClock();
  return {
    runId: newId("run", now),
    attempt: 1,
    spec,
    submission: { fileName: submission.fileName, sha256: submission.sha256, bytes: submission.bytes },
    hidden: { bytes: hiddenTar === null ? 0 : (await stat(hiddenTar)).size },
    leaseUntil: leaseFor({ ...spec, machineKind: kindFor(spec) }, defaultTimings, now).toISOString(),
  };
}

function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
