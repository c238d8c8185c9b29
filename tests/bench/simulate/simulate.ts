import { answerAgents } from "#grading/machines/answering/answer-agents.ts";
import type { FleetWakes } from "#grading/machines/fleet-wakes.ts";
import { Hearing, hearingGapMs } from "#grading/machines/hearing.ts";
import { Launcher } from "#grading/machines/launching/launcher.ts";
import type { MachineProvider } from "#grading/machines/provider.ts";
import { defaultTimings, type FleetTimings } from "#grading/machines/timings.ts";
import { RunStarter } from "#grading/runs/start-run.ts";
import type { FileStore } from "#grading/submissions/ports.ts";
import { createFakeProvider } from "#infra/compute/fake/fake-provider.ts";
import type { FleetStore } from "#infra/db/machines/fleet-store.ts";
import type { JobQueue } from "#infra/queue/catalogue.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { bootTimeout } from "#workers/reconcilers/boot-timeout.ts";
import { draining } from "#workers/reconcilers/draining.ts";
import { heartbeat } from "#workers/reconcilers/heartbeat.ts";
import type { FleetParts } from "#workers/reconcilers/kit/fleet-parts.ts";
import type { Reconciler } from "#workers/reconcilers/kit/loop.ts";
import { createWatch } from "#workers/reconcilers/kit/watch.ts";
import { leaseExpiry } from "#workers/reconcilers/lease-expiry.ts";
import { lostMachines } from "#workers/reconcilers/lost-machines.ts";
import { machinePool } from "#workers/reconcilers/machine-pool.ts";
import { orphanMachines } from "#workers/reconcilers/orphan-machines.ts";
import { providerAnswers } from "#workers/reconcilers/provider-answers.ts";
import { queuedSweep } from "#workers/reconcilers/queued-sweep.ts";
import { runWithoutMachine } from "#workers/reconcilers/run-without-machine.ts";
import { scoringSweep } from "#workers/reconcilers/scoring-sweep.ts";
import { Agents } from "./fleet/agents.ts";
import { aheadOf, Knowledge, type Policy } from "./fleet/hold.ts";
import { Rows } from "./fleet/rows.ts";
import { storeOver, sweepsOver } from "./fleet/stores.ts";
import type { Semester } from "./world/coursework.ts";
import { Random } from "./world/random.ts";
import { Timeline } from "./world/timeline.ts";
import { drawTroubles, letItHappen, type Odds, priceAt, type Trouble, usualOdds } from "./world/weather.ts";

export interface SimulationInput {
  semester: Semester;
  policy: Policy;
  seed: number;
  /** Machines at once, and the account's vCPUs; each machine has two. */
  fleetMax: number;
  quotaVcpus: number;
  /** What is switched off, to see that it is missed: the machines' own timers, or loops of the worker by their names. */
  without?: readonly string[];
  odds?: Partial<Odds>;
  /** By default drawn by the seed. */
  troubles?: Trouble[];
}

/** The state of the fleet at one instant. */
export interface Sample {
  at: number;
  idle: number;
  busy: number;
  waiting: number;
}

export interface Simulated {
  policy: Policy;
  rows: Rows;
  provider: ReturnType<typeof createFakeProvider>;
  agents: Agents;
  samples: Sample[];
  troubles: Trouble[];
  happened: number;
  failedPasses: number;
  endedAt: Date;
}

/** What is woken is looked at at once; all else so often, while a run is open and while machines only wait for one. */
const tickMs = { open: 10_000, quiet: 30_000 };
const installation = "ins_simulated";
const machine = { vcpus: 2, bootSeconds: 60 };
/** For EC2: a boot takes a minute and more. */
const timings: FleetTimings = { ...defaultTimings, bootTimeoutMs: 240_000, heartbeatStaleMs: 30_000 };

/** One semester under one policy: the worker's own loops, rules and use cases by a simulated clock, on the fake provider. */
export async function simulate(input: SimulationInput): Promise<Simulated> {
  const { semester, policy, seed, without = [] } = input;
  const { works, arrivals } = semester;
  const odds = { ...usualOdds, ...input.odds };
  const start = Math.min(...arrivals.map(({ at }) => at.getTime())) - 3_600_000;
  const timeline = new Timeline(new Date(start));
  // Each matter has numbers of its own, so that another policy meets the same weather.
  const [forAgents, forWeather, forLaunches] = [1, 2, 3].map((n) => new Random(seed * 1000 + n)) as [
    ...[Random, Random, Random],
  ];
  const { clock } = timeline;
  const state = { workerAway: false, failedPasses: 0, ticking: false };
  const fleetMax = Math.min(input.fleetMax, Math.floor(input.quotaVcpus / machine.vcpus));

  let agents: Agents | null = null;
  const provider = createFakeProvider({
    clock,
    usdPerHour: priceAt,
    timersWork: !without.includes("machine-timers"),
    onMade: (spec, instanceId) => agents?.made(spec, instanceId),
  });
  const woken = new Set<keyof FleetWakes>();
  const rows = new Rows(clock, timings.drainPatienceMs, (what) => {
    if (state.workerAway || woken.has(what)) return;
    woken.add(what);
    timeline.in(0, () => {
      woken.delete(what);
      return pass(wakes[what]);
    });
  });
  const { transact } = rows;
  let secrets = 0;
  const service = answerAgents({
    ...{ rows, transact, clock, files: emptyFiles },
    secrets: { make: () => secretOf(++secrets), hash: (secret) => secret },
    onMismatch: ({ why }) => void rows.defects.push(new Error(why)),
  });
  agents = new Agents({
    ...{ timeline, random: forAgents, odds, provider, service, isDeaf: () => state.workerAway },
  });

  const sweeps = sweepsOver(rows);
  const store: FleetStore = storeOver(rows, provider.name);
  // With the launch itself: what is drawn for a claim that launches nothing would pile up and fail all later ones.
  const unreliable: MachineProvider = {
    ...provider,
    launch: (spec) => {
      if (forLaunches.chance(odds.throttled)) provider.failLaunches("throttled");
      else if (forLaunches.chance(odds.lostReply)) provider.failLaunches("lost-reply");
      return provider.launch(spec);
    },
  };
  const launcher = new Launcher(
    {
      provider: unreliable,
      tokens: { make: () => secretOf(++secrets) },
      recordLaunch: store.recordLaunch,
      tellStaff: store.tellStaff,
    },
    { installation, deployment: "simulated", agentAddress: "unix:/agent.sock", sizes: {}, timings },
    clock,
  );
  const kinds = [...new Set(works.map(({ kind }) => kind))];
  const claiming: FleetStore = {
    ...store,
    // Nobody here has a limit of money, so no price is held: it is asked for at the launch.
    claimRun: async (runId, { usdPerHourOf: _, ...limits }) => {
      const claim = await store.claimRun(runId, limits);
      if (claim.outcome === "taken") agents?.taken(claim.machineId);
      return claim;
    },
  };
  const ports = { store: claiming, images: { ready: () => kinds } };
  const starter = new RunStarter(ports, launcher, { fleetMax, worker: "simulated", timings }, clock);

  const hearing = new Hearing({
    ...{ clock, monotonic: timeline.monotonic },
    ...{ gapMs: hearingGapMs(timings), jumpMs: timings.clockJumpMs },
  });
  const log = { error: () => undefined, warn: () => undefined, info: () => undefined } as unknown as Log;
  const watch = createWatch(hearing, store, log);
  const parts: FleetParts = { sweeps, store, provider, installation, timings, clock, watch, log };
  const offered = new Map<string, Date>();
  const queue: JobQueue = {
    add: async (_name, payload) => {
      const { runId } = payload as { runId: string };
      offered.delete(runId);
      await starter.start(runId);
    },
    close: async () => undefined,
  };
  const sweep = queuedSweep(parts, fleetMax, queue, starter, offered);
  const wakes: Record<keyof FleetWakes, Reconciler> = {
    queued: sweep,
    draining: draining(parts),
    scoring: scoringSweep(parts),
  };
  const knowledge = new Knowledge(semester);
  const ahead = aheadOf({
    ...{ policy, rows, knowledge, clock, fleetMax, quotaVcpus: input.quotaVcpus },
    figures: Object.fromEntries(
      kinds.map((kind) => [kind, { ...machine, runSeconds: kind === "engine" ? 240 : 330 }]),
    ),
  });
  const images = { ready: () => kinds, ask: () => null };
  const pool = machinePool(parts, { size: 0, fleetMax, ahead }, launcher, images);
  const allLoops: Reconciler[] = [
    ...[providerAnswers(parts, launcher, () => undefined), bootTimeout(parts), heartbeat(parts)],
    ...[leaseExpiry(parts), lostMachines(parts), orphanMachines(parts), runWithoutMachine(parts)],
    ...[wakes.scoring, wakes.draining, sweep, pool],
  ];
  const loops = allLoops.filter(({ name }) => !without.includes(name));
  const pass = async (loop: Reconciler) => {
    if (state.workerAway) return;
    try {
      await loop.pass();
      await loop.settle?.();
    } catch {
      // As a loop of the worker does: the next pass looks again.
      state.failedPasses += 1;
    }
  };

  const samples: Sample[] = [];
  const tick = async (): Promise<void> => {
    if (!state.workerAway) {
      hearing.heard();
      await agents?.beat();
      for (const loop of loops) await pass(loop);
    }
    samples.push(sampleOf(rows, timeline.nowMs));
    const isQuiet = rows.openRuns.size === 0 && rows.live.size === 0 && provider.count() === 0;
    state.ticking = !isQuiet && timeline.nowMs < end;
    if (state.ticking) timeline.in(rows.openRuns.size > 0 ? tickMs.open : tickMs.quiet, tick);
  };
  const keepTicking = () => {
    if (state.ticking) return;
    state.ticking = true;
    // So long nobody was there who could have been heard.
    if (!state.workerAway) hearing.heard();
    timeline.in(0, tick);
  };
  const end = Math.max(...arrivals.map(({ at }) => at.getTime())) + 6 * 3_600_000;

  for (const arrival of arrivals)
    timeline.at(arrival.at.getTime(), async () => {
      rows.submit(arrival);
      knowledge.submitted(arrival);
      keepTicking();
      await pass(sweep);
    });
  const look = async () => {
    if (!state.ticking && !state.workerAway && (await ahead?.hold())?.some(({ machines }) => machines > 0))
      keepTicking();
    if (timeline.nowMs < end) timeline.in(60_000, look);
  };
  if (ahead !== undefined) timeline.at(start, look);
  const troubles = input.troubles ?? drawTroubles(forWeather, works);
  letItHappen(timeline, troubles, {
    provider,
    workerAway: (away) => {
      state.workerAway = away;
    },
  });
  await timeline.run();
  const { happened } = timeline;
  const { failedPasses } = state;
  return { policy, rows, provider, agents, samples, troubles, happened, failedPasses, endedAt: clock() };
}

function sampleOf(rows: Rows, at: number): Sample {
  const idle = rows.idle().length;
  const waiting = [...rows.openRuns.values()].filter(({ status }) => status.state === "queued").length;
  return { at, idle, busy: rows.live.size - idle, waiting };
}

const secretOf = (number: number) => ({
  token: `secret-${number}-of-a-machine`,
  hash: `secret-${number}-of-a-machine`,
});

/** The agents ask how large what they would fetch is, and fetch nothing. */
const emptyFiles = {
  get: async () => ({ bytes: 0, stream: { destroy: () => undefined } }),
} as unknown as FileStore;
