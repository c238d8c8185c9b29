import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#course/errors.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import type { Reaped } from "#grading/machines/past-lease.ts";
import { LaunchError } from "#grading/machines/provider.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { loadReaperConfig, type ReaperConfig } from "#infra/config/reaper.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import { count } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import type { Reaper } from "./fleet-reap/reaper.ts";

export interface ReapOptions {
  installation?: string;
  region?: string;
  dryRun: boolean;
  /** Seconds between two looks; without it one look. */
  watch?: number;
  json: boolean;
}

/** In which one look ends, whatever hangs. */
const lookLimitMs = 120_000;

/** `drydock fleet reap`: ends what is past its lease by tag alone, once or until it is stopped. */
export async function fleetReap(terminal: Terminal, options: ReapOptions): Promise<ExitCode> {
  const config = loadReaperConfig(options);
  const reaper = await openReaper(config);
  const look = () =>
    limited("reap", lookLimitMs, (signal) =>
      reaper.reap(config.installation, systemClock(), { dryRun: options.dryRun, signal }),
    );
  try {
    if (options.watch !== undefined)
      return await watch(terminal, look, config, { ...options, watch: options.watch });
    const reaped = await look().catch((error: unknown) => {
      throw explain(error);
    });
    show(terminal, reaped, config, options);
    return reaped.failed.length > 0 ? exitCode.platformFault : exitCode.ok;
  } finally {
    reaper.close();
  }
}

/** The client of the other is not loaded. */
async function openReaper(config: ReaperConfig): Promise<Reaper> {
  if (config.provider === "ec2") return (await import("./fleet-reap/ec2.ts")).openEc2Reaper(config.region);
  return (await import("./fleet-reap/docker.ts")).openDockerReaper();
}

/** A look that fails is said, and the next one looks again. Ends well when it is told to stop, after the look under way. */
async function watch(
  terminal: Terminal,
  look: () => Promise<Reaped>,
  config: ReaperConfig,
  options: ReapOptions & { watch: number },
): Promise<ExitCode> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  let first = true;
  try {
    while (!stopping.signal.aborted) {
      await look().then(
        (reaped) => {
          // The first look says where it looks, so that nobody watches another place.
          if (options.json || first || reaped.overdue.length > 0) show(terminal, reaped, config, options);
          first = false;
        },
        (error: unknown) => terminal.err.write(`drydock: ${explain(error).message}\n`),
      );
      await sleep(options.watch * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return exitCode.ok;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
  }
}

function explain(error: unknown): Error {
  if (error instanceof AppError)
    return new CommandFailure(exitCode.platformFault, error.userMessage, { cause: error });
  if (!(error instanceof LaunchError)) return error instanceof Error ? error : new Error(String(error));
  // What is wrong with the set-up is the caller's to put right.
  const code = error.kind === "misconfigured" ? exitCode.badInput : exitCode.platformFault;
  return new CommandFailure(code, error.message, { cause: error });
}

function show(terminal: Terminal, reaped: Reaped, config: ReaperConfig, { json, dryRun }: ReapOptions) {
  const { seen, overdue, ended, failed } = reaped;
  if (json) return terminal.out.write(`${JSON.stringify({ dryRun, ...reaped })}\n`);
  const fate = (instanceId: string) => {
    const failure = failed.find((one) => one.instanceId === instanceId);
    if (failure !== undefined) return `NOT ended: ${failure.reason}`;
    if (dryRun) return "would be ended";
    return ended.includes(instanceId) ? "is ended" : "was gone already";
  };
  for (const { instanceId, machineId, leaseUntil } of overdue) {
    const until = leaseUntil === null || Number.isNaN(leaseUntil.getTime()) ? null : leaseUntil.toISOString();
    const lease = until === null ? "with no lease that can be read" : `leased until ${until}`;
    terminal.out.write(`${instanceId} (${machineId ?? "no machine's id"}), ${lease}: ${fate(instanceId)}\n`);
  }
  const said = dryRun ? "none was ended" : `${ended.length} ended, ${failed.length} not`;
  const where = config.provider === "ec2" ? `on EC2 in ${config.region}` : "on this computer's Docker engine";
  terminal.out.write(
    `${config.installation} ${where}: ${count(seen, "machine")}, ${overdue.length} past the lease: ${said}.\n`,
  );
}
