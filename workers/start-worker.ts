import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Clock, Monotonic } from "#course/clock.ts";
import type { InstanceEvents } from "#grading/machines/answering/instance-events.ts";
import { holdForDeadlines } from "#grading/machines/capacity/hold-ahead.ts";
import type { LeaseSchedules } from "#grading/machines/ending/lease-schedules.ts";
import type { FleetWakes } from "#grading/machines/fleet-wakes.ts";
import { Hearing, hearingGapMs } from "#grading/machines/hearing.ts";
import { Launcher } from "#grading/machines/launching/launcher.ts";
import { limitCalls } from "#grading/machines/launching/limit-calls.ts";
import { type MachineKind, sizeOf } from "#grading/machines/machine-kind.ts";
import { poolKind } from "#grading/machines/plan-pool.ts";
import type { MachineProvider } from "#grading/machines/provider.ts";
import { defaultTimings, type FleetTimings } from "#grading/machines/timings.ts";
import { RunStarter } from "#grading/runs/start-run.ts";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import type { AgentProgram } from "#infra/agent-gateway/agent-program.ts";
import { callSelf } from "#infra/agent-gateway/call-self.ts";
import { type GatewayListen, serveAgentGateway } from "#infra/agent-gateway/serve.ts";
import type { Config } from "#infra/config/config.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { createAgentService } from "#infra/db/machines/agent-service.ts";
import { createCapacityReads } from "#infra/db/machines/capacity-reads.ts";
import { createMover } from "#infra/db/machines/fleet-mover.ts";
import { tokenMaker } from "#infra/db/machines/fleet-secrets.ts";
import { createFleetStore } from "#infra/db/machines/fleet-store.ts";
import { createFleetSweeps } from "#infra/db/machines/fleet-sweeps.ts";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { createMachineImageStore } from "#infra/db/machines/machine-image-store.ts";
import { createNamedFiles } from "#infra/db/schema/named-files.ts";
import { createRetentionStore } from "#infra/db/submissions/retention-store.ts";
import { createJobQueue, type JobError, startJobRunner } from "#infra/queue/bullmq.ts";
import type { JobHandlers } from "#infra/queue/catalogue.ts";
import type { SurveyKeyFiles } from "#infra/surveys/key-files.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { checkDatabaseRole } from "./check-database-role.ts";
import { hearBeats } from "./hear-beats.ts";
import { instanceUserData } from "./instance-user-data.ts";
import { gradeRun } from "./jobs/grade-run.ts";
import { machineFiles } from "./machine-files.ts";
import type { ImageMaker } from "./make-images.ts";
import { bootTimeout } from "./reconcilers/boot-timeout.ts";
import { draining } from "./reconcilers/draining.ts";
import { fileSweep } from "./reconcilers/file-sweep.ts";
import { foreignMachines } from "./reconcilers/foreign-machines.ts";
import { formerMachines } from "./reconcilers/former-machines.ts";
import { heartbeat } from "./reconcilers/heartbeat.ts";
import { type AgedImages, imageAge } from "./reconcilers/image-age.ts";
import { interruptions } from "./reconcilers/interruptions.ts";
import type { FleetParts } from "./reconcilers/kit/fleet-parts.ts";
import { listening } from "./reconcilers/kit/listening.ts";
import { type Loop, startLoop } from "./reconcilers/kit/loop.ts";
import { createWatch } from "./reconcilers/kit/watch.ts";
import { leaseExpiry } from "./reconcilers/lease-expiry.ts";
import { leaseSchedules } from "./reconcilers/lease-schedules.ts";
import { lostMachines } from "./reconcilers/lost-machines.ts";
import { machineImages } from "./reconcilers/machine-images.ts";
import { emptyPool, machinePool } from "./reconcilers/machine-pool.ts";
import { moneyWaits } from "./reconcilers/money-waits.ts";
import { orphanMachines } from "./reconcilers/orphan-machines.ts";
import { providerAnswers } from "./reconcilers/provider-answers.ts";
import { type OfferedRuns, queuedSweep } from "./reconcilers/queued-sweep.ts";
import { retention } from "./reconcilers/retention.ts";
import { runWithoutMachine } from "./reconcilers/run-without-machine.ts";
import { scoringSweep } from "./reconcilers/scoring-sweep.ts";
import { storageAnswers } from "./reconcilers/storage-answers.ts";
import { surveys } from "./reconcilers/surveys.ts";
import { unreadableExercises } from "./reconcilers/unreadable-exercises.ts";
import { settleFirst } from "./settle-first.ts";
import { waitAtMost } from "./wait-at-most.ts";

export interface WorkerParts {
  config: Pick<Config, "deployment" | "fleetMax" | "keepDays" | "machineSizes" | "poolSize" | "redisUrl"> &
    Partial<Pick<Config, "caps">>;
  db: Db;
  databaseUrl: string;
  provider: MachineProvider;
  /** Machines wait for runs of coming deadlines; without it only DRYDOCK_POOL_SIZE of them wait. */
  ahead?: { quotaVcpus: number | null };
  /** See StartRunSettings. */
  onDemandAllowed?: () => boolean;
  /** What machines are made from; its worker is told when there are more. */
  images: Omit<ImageMaker, "imageOf" | "gone" | "stop">;
  /** Kept young where given. */
  agedImages?: AgedImages & { days: number };
  files: SweptFileStore;
  /** Surveys are opened, written and ended where it is given. */
  surveyKeys?: SurveyKeyFiles;
  clock: Clock;
  monotonic: Monotonic;
  log: Log;
  gatewayListen: GatewayListen;
  /** The gateway as a machine calls it, of its address on this computer. */
  addressInMachine(gatewayAddress: string): string;
  /**
   * Where machines are instances of a cloud: what they fetch from the gateway, and the only authority (PEM) that they
   * believe of it, null for those that they know.
   */
  instances?: { program: AgentProgram; gatewayCa: string | null };
  /** Where the provider ends machines at instants told beforehand. */
  schedules?: LeaseSchedules;
  /** Where it says elsewhere than in them which instances it takes back. */
  instanceEvents?: InstanceEvents;
  timings?: FleetTimings;
}

/**
 * Starts everything that grades: the agent gateway, the reconcilers, the jobs. close() stops taking jobs and lets
 * those under way end within their time; machines that grade are left to the next start, those of the pool end. The database stays
 * open: it is the caller's.
 */
export async function startWorker(parts: WorkerParts): Promise<{ close(): Promise<void> }> {
  const { config, db, clock, log } = parts;
  const { bootTimeoutMs = defaultTimings.bootTimeoutMs } = parts.provider;
  const timings = parts.timings ?? { ...defaultTimings, bootTimeoutMs };
  const provider = limitCalls(parts.provider, timings.providerLimitMs);
  const gapMs = hearingGapMs(timings);
  const hearing = new Hearing({
    clock,
    monotonic: parts.monotonic,
    gapMs,
    jumpMs: timings.clockJumpMs,
  });
  const loops: Partial<Record<keyof FleetWakes, Loop>> = {};
  const wakes: FleetWakes = {
    queued: () => loops.queued?.wake(),
    draining: () => loops.draining?.wake(),
    scoring: () => loops.scoring?.wake(),
  };
  const installation = await ensureInstallation(db, clock());
  const mover = createMover(db, clock, wakes, log);
  const own = { provider: provider.name, timings, ...(config.caps && { caps: config.caps }) };
  const store = createFleetStore(mover, own);
  await checkDatabaseRole(db, store, log);
  const service = createAgentService({
    db,
    mover,
    files: machineFiles(parts.files, parts.instances ? "instances" : "containers"),
    clock,
    onMismatch: (mismatch) => log.error(mismatch, "A machine's result does not fit its exercise."),
  });
  const watch = createWatch(hearing, store, log);
  const gateway = await serveAgentGateway(
    hearBeats(settleFirst(service, watch), () => hearing.missed(), gapMs),
    parts.gatewayListen,
    (err) => log.error({ err }, "An agent's call failed."),
    parts.instances?.program,
  );
  const launcher = new Launcher(
    { provider, tokens: tokenMaker, recordLaunch: store.recordLaunch, tellStaff: store.tellStaff },
    {
      installation,
      deployment: config.deployment,
      agentAddress: parts.addressInMachine(gateway.address),
      ...(parts.instances && { instances: instanceUserData(parts.instances) }),
      sizes: config.machineSizes,
      timings,
    },
    clock,
  );
  const starter = new RunStarter(
    { store, images: parts.images },
    launcher,
    {
      fleetMax: config.fleetMax,
      worker: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
      onDemandAllowed: parts.onDemandAllowed,
      timings,
    },
    clock,
  );
  const addresses = { databaseUrl: parts.databaseUrl, redisUrl: config.redisUrl };
  const onError = ({ error, job }: JobError) => log.error({ err: error, job }, "The queue reports an error.");
  const queue = await createJobQueue({ ...addresses, onError });
  const fleet: FleetParts = {
    sweeps: createFleetSweeps(db, own),
    store,
    provider,
    installation,
    timings,
    clock,
    watch,
    log,
  };
  const offered: OfferedRuns = new Map();
  loops.queued = startLoop(queuedSweep(fleet, config.fleetMax, queue, starter, offered), log);
  loops.draining = startLoop(draining(fleet), log);
  loops.scoring = startLoop(scoringSweep(fleet), log);
  const onReady = (machineKind: MachineKind) => {
    launcher.mended(machineKind);
    wakes.queued();
  };
  parts.images.tell({ ...store, onReady });
  const others = [
    listening({ hearing, timings, log }, () => callSelf(gateway.address, gapMs)),
    ...[bootTimeout, heartbeat, leaseExpiry, orphanMachines, lostMachines].map((loop) => loop(fleet)),
    ...[runWithoutMachine, foreignMachines, formerMachines].map((loop) => loop(fleet)),
  ].map((reconciler) => startLoop(reconciler, log));
  others.push(startLoop(providerAnswers(fleet, launcher, wakes.queued), log));
  if (parts.schedules) others.push(startLoop(leaseSchedules(fleet, parts.schedules), log));
  if (parts.instanceEvents) others.push(startLoop(interruptions(fleet, parts.instanceEvents), log));
  if (parts.agedImages) {
    const { days, ...images } = parts.agedImages;
    others.push(startLoop(imageAge(fleet, images, createMachineImageStore(db), days), log));
  }
  others.push(startLoop(moneyWaits(fleet, starter, launcher, wakes.queued), log));
  others.push(startLoop(machineImages(fleet, parts.images), log));
  others.push(startLoop(unreadableExercises(fleet), log));
  const kept = { keepDays: config.keepDays, everyMs: timings.every.retention, clock, log };
  others.push(startLoop(retention({ steps: createRetentionStore(db), ...kept }), log));
  if (parts.surveyKeys) {
    const { surveyKeys } = parts;
    others.push(startLoop(surveys({ db, surveyKeys, clock, log, everyMs: timings.every.surveys }), log));
  }
  const onLook = (readable: boolean) => void (launcher.filesReadable(readable) && wakes.queued());
  others.push(startLoop(storageAnswers({ files: parts.files, store, timings, clock, log, onLook }), log));
  const named = { files: parts.files, findNamed: createNamedFiles(db), installation, store, clock, log };
  const { fileGraceMs: graceMs, trashMs } = timings;
  others.push(startLoop(fileSweep({ ...named, graceMs, trashMs, everyMs: timings.every.fileSweep }), log));
  const ahead =
    parts.ahead &&
    holdForDeadlines(
      createCapacityReads(db, own),
      {
        ...parts.ahead,
        cap: config.fleetMax,
        vcpusOf: (machineKind) => Math.ceil(sizeOf(machineKind, config.machineSizes).cpus),
        always: { kind: poolKind, machines: config.poolSize },
        // Until machines of its kind tell: one has four times as long before it is given up.
        bootSeconds: timings.bootTimeoutMs / 4000,
      },
      clock,
    );
  const pool = { size: config.poolSize, fleetMax: config.fleetMax, ahead };
  others.push(startLoop(machinePool(fleet, pool, launcher, parts.images), log));
  const handlers: JobHandlers = { "grade-run": gradeRun(starter, offered, log) };
  const runner = await startJobRunner({ ...addresses, handlers, concurrency: config.fleetMax, onError });

  return {
    close: async () => {
      const loopsEnd = [...Object.values(loops), ...others].map((loop) => loop.stop());
      const ended = await waitAtMost(Promise.all([runner.close(), ...loopsEnd]), timings.stopPatienceMs);
      if (ended === "late") log.warn("What is under way is not waited for any longer.");
      await emptyPool(fleet);
      await gateway.close();
      await queue.close();
    },
  };
}
