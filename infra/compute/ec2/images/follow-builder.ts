import { setTimeout as sleep } from "node:timers/promises";
import { DescribeInstancesCommand, GetConsoleOutputCommand, type Instance } from "@aws-sdk/client-ec2";
import { abortable } from "../../abortable.ts";
import type { Ec2Api } from "../ec2-api.ts";
import { asImageError, ImageError } from "./image-error.ts";
import { type BuilderReport, laterOf, readConsole } from "./read-console.ts";

export interface Patience {
  /** Between two looks. */
  everyMs: number;
  /** From its launch until a builder has to be stopped. */
  builderMs: number;
  /** A new instance may not be shown at once. */
  showMs: number;
  /** Until an image has to be there. */
  imageMs: number;
}

/** The builder's own timer ends it earlier. */
export const usualPatience: Patience = {
  everyMs: 5_000,
  builderMs: 80 * 60_000,
  showMs: 60_000,
  imageMs: 40 * 60_000,
};

/**
 * Waits until the builder has stopped after it said that all went well, and gives what it said. Throws ImageError with the
 * last lines of its log where it failed, said nothing in time, or was ended by somebody else; AbortError.
 */
export async function followBuilder(
  api: Ec2Api,
  instanceId: string,
  options: { patience: Patience; onReport(report: BuilderReport): void; signal?: AbortSignal },
): Promise<BuilderReport> {
  const { patience, onReport, signal } = options;
  const began = performance.now();
  let report = readConsole("");
  for (;;) {
    const instance = await lookAt(api, instanceId, signal);
    const state = instance?.State?.Name;
    const waited = performance.now() - began;
    if (state === "terminated" || state === "shutting-down")
      throw failed(instanceId, `was ended before it was done (${whyEnded(instance)})`, report);
    if (state === undefined && waited > patience.showMs) throw failed(instanceId, "is gone", report);
    if (state === "running" || state === "stopping" || state === "stopped") {
      report = laterOf(report, await listen(api, instanceId, state !== "stopped", signal));
      onReport(report);
    }
    if (report.outcome.is === "failed")
      throw failed(
        instanceId,
        `failed with status ${report.outcome.status} at ${report.step ?? "its start"}`,
        report,
      );
    if (state === "stopped") {
      if (report.outcome.is === "done") return report;
      throw failed(
        instanceId,
        "powered off without saying that it was done: its own timer, or somebody else, ended it",
        report,
      );
    }
    if (waited > patience.builderMs)
      throw failed(
        instanceId,
        `did not power off within ${Math.round(patience.builderMs / 60_000)} minutes`,
        report,
      );
    await sleep(patience.everyMs, undefined, { signal });
  }
}

async function lookAt(api: Ec2Api, instanceId: string, signal?: AbortSignal): Promise<Instance | undefined> {
  try {
    // As a filter, so that an instance that is not shown yet is no failure.
    const { Reservations } = await api.reading.send(
      new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values: [instanceId] }] }),
      abortable(signal),
    );
    return Reservations?.[0]?.Instances?.[0];
  } catch (error) {
    throw asImageError(error, `The builder ${instanceId} could not be looked at`, signal);
  }
}

/** latest: what it wrote until now, which EC2 has of an instance that runs; else what EC2 kept at its end. */
async function listen(
  api: Ec2Api,
  instanceId: string,
  latest: boolean,
  signal?: AbortSignal,
): Promise<BuilderReport> {
  try {
    const { Output } = await api.reading.send(
      new GetConsoleOutputCommand({ InstanceId: instanceId, ...(latest && { Latest: true }) }),
      abortable(signal),
    );
    return readConsole(Buffer.from(Output ?? "", "base64").toString());
  } catch (error) {
    throw asImageError(error, `The console of the builder ${instanceId} could not be read`, signal);
  }
}

const whyEnded = (instance: Instance | undefined) =>
  instance?.StateReason?.Message ?? instance?.StateReason?.Code ?? "EC2 does not say why";

function failed(instanceId: string, how: string, { outcome, doing }: BuilderReport): ImageError {
  const lines = outcome.is === "failed" ? outcome.lastLines : [];
  const said =
    lines.length > 0
      ? ` Its last lines:\n${lines.join("\n")}`
      : doing === null
        ? ""
        : ` Its last word was: ${doing}.`;
  return new ImageError("machine-image-failed", `The builder ${instanceId} ${how}.${said}`);
}
