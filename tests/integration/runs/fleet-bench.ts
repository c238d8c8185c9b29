import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Caps } from "#course/cost/budget.ts";
import { Hearing, hearingGapMs } from "#grading/machines/hearing.ts";
import { Launcher } from "#grading/machines/launching/launcher.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import {
  type Instance,
  LaunchError,
  type LaunchSpec,
  type MachineProvider,
} from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import type { CheckOutcome, RunResult } from "#grading/protocol/messages.ts";
import { RunStarter } from "#grading/runs/start-run.ts";
import { FileMissing, type FileStore } from "#grading/submissions/ports.ts";
import { createAgentService } from "#infra/db/machines/agent-service.ts";
import { createMover } from "#infra/db/machines/fleet-mover.ts";
import { tokenMaker } from "#infra/db/machines/fleet-secrets.ts";
import { createFleetStore } from "#infra/db/machines/fleet-store.ts";
import { createFleetSweeps } from "#infra/db/machines/fleet-sweeps.ts";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { createFleetActs } from "#infra/db/runs/fleet-acts.ts";
import { createLogger, type Log } from "#infra/telemetry/logger.ts";
import { startTestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission, seedUser } from "#tests/support/seed.ts";
import type { FleetParts } from "#workers/reconcilers/kit/fleet-parts.ts";
import { createWatch } from "#workers/reconcilers/kit/watch.ts";

/** A provider whose machines are rows in memory; tests read the user data and play the agent themselves. */
export class MemoryProvider implements MachineProvider {
  readonly name = "memory";
  readonly machines = new Map<string, Instance & { spec: LaunchSpec }>();
  /** Thrown by the next launches, first to last. */
  readonly failures: Error[] = [];
  constructor(private readonly now: () => Date) {}

  async launch(spec: LaunchSpec): Promise<Instance> {
    const failure = this.failures.shift();
    if (failure instanceof LaunchError) throw failure;
    const machine = this.machines.get(spec.machineId) ?? {
      instanceId: `m-${spec.machineId}`,
      machineId: spec.machineId,
      installation: spec.installation,
      state: "running" as const,
      launchedAt: this.now(),
      leaseUntil: new Date(spec.userData.leaseUntil),
      offering: null,
      spec,
    };
    this.machines.set(spec.machineId, machine);
    // Any other failure is a lost reply: the machine exists.
    if (failure) throw failure;
    return machine;
  }
  async list(installation: string): Promise<Instance[]> {
    return [...this.machines.values()].filter((machine) => machine.installation === installation);
  }
  async terminate(instanceId: string): Promise<"gone"> {
    for (const [id, machine] of this.machines)
      if (machine.instanceId === instanceId) this.machines.delete(id);
    return "gone";
  }
  async priceOf(): Promise<number> {
    return 3.6;
  }
}

const silent = createLogger({ name: "bench", level: "silent" });

/** Real Postgres and the real stores, with a clock that tests move and machines that they play. */
export async function openFleetBench(
  settings: {
    fleetMax?: number;
    machineKinds?: MachineKind[];
    /** Of another bench: two Drydocks on one engine. */
    provider?: MemoryProvider;
    caps?: Caps;
  } = {},
) {
  const database = await startTestDatabase();
  const { db, url } = database;
  let now = new Date(seededAt.getTime() + 1000);
  const clock = () => now;
  let passed = 0;
  const hearing = new Hearing({
    clock,
    monotonic: () => passed,
    gapMs: hearingGapMs(defaultTimings),
    jumpMs: defaultTimings.clockJumpMs,
  });
  const woken: string[] = [];
  const errors: object[] = [];
  const machineKinds = settings.machineKinds ?? ["engine", "engine+kubernetes"];
  const installation = await ensureInstallation(db, now);
  const mover = createMover(
    db,
    clock,
    {
      queued: () => woken.push("queued"),
      draining: () => woken.push("draining"),
      scoring: () => woken.push("scoring"),
    },
    { error: (fields: object) => void errors.push(fields) } as Log,
  );
  const provider = settings.provider ?? new MemoryProvider(clock);
  const own = {
    ...{ provider: provider.name, timings: defaultTimings },
    ...(settings.caps && { caps: settings.caps }),
  };
  const store = createFleetStore(mover, own);
  const mismatches: string[] = [];
  const files = memoryFiles();
  const launcherOf = (given: MachineProvider) =>
    new Launcher(
      { provider: given, tokens: tokenMaker, recordLaunch: store.recordLaunch, tellStaff: store.tellStaff },
      {
        installation,
        deployment: "test",
        agentAddress: "unix:/nowhere",
        sizes: { engine: { cpus: 1, memoryMiB: 512 }, kubernetes: { cpus: 2, memoryMiB: 1024 } },
        timings: defaultTimings,
      },
      clock,
    );
  const starterOf = (given: Launcher, others: { onDemandAllowed?: () => boolean } = {}) =>
    new RunStarter(
      { store, images: { ready: () => machineKinds } },
      given,
      { fleetMax: settings.fleetMax ?? 2, worker: "bench", timings: defaultTimings, ...others },
      clock,
    );
  const launcher = launcherOf(provider);
  const starter = starterOf(launcher);
  const advance = (ms: number) => {
    now = new Date(now.getTime() + ms);
    passed += ms;
  };
  const sweeps = createFleetSweeps(db, own);
  const watch = createWatch(hearing, store, silent);
  const course: SeededCourse = await seedCourse(db);
  let submitted = 0;
  const addStudent = (name: string) =>
    seedUser(db, { ...course, name, role: "student", sectionId: course.sectionIds.graduate });
  return {
    db,
    url,
    course,
    mover,
    installation,
    own,
    store,
    starter,
    /** Asks another provider. */
    starterOf: (given: MachineProvider, others = {}) => starterOf(launcherOf(given), others),
    launcher,
    provider,
    files,
    woken,
    errors,
    mismatches,
    sweeps,
    acts: createFleetActs(db),
    service: createAgentService({ db, mover, files, clock, onMismatch: ({ why }) => mismatches.push(why) }),
    now: clock,
    hearing,
    /** What the reconcilers work with. */
    fleet: (changes: Partial<FleetParts> = {}): FleetParts => ({
      sweeps,
      store,
      provider,
      installation,
      timings: defaultTimings,
      clock,
      watch,
      log: silent,
      ...changes,
    }),
    /** Lets time pass in which machines could be heard. */
    pass: (ms: number) => {
      for (let left = ms; left > 0; left -= 1_000) {
        advance(Math.min(left, 1_000));
        hearing.heard();
      }
    },
    /** Lets time pass in which nobody could be heard: the database was away, or this process was suspended. */
    gap: (ms: number) => {
      advance(ms);
      hearing.heard();
    },
    /** The same, and it is not over. */
    suspend: advance,
    /** Sets the clock; no time passes. */
    jump: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    /** Of a student who hands in for the first time, unless it says whose it is and which of theirs. */
    submit: async (of: { userId?: string; number?: number; dueAt?: Date | null } = {}) => {
      submitted += 1;
      const userId = of.userId ?? (await addStudent(`Student ${submitted}`));
      const at = new Date(seededAt.getTime() + submitted);
      return { ...(await seedSubmission(db, course, { ...of, userId, at })), userId };
    },
    addStudent,
    /** Opens connections beforehand, so that what is done at once is really done at once. */
    warm: () => Promise.all(Array.from({ length: 10 }, () => db.$executeRaw`SELECT pg_sleep(0.1)`)),
    /** Takes the advisory lock of this name, as another worker would, and gives the way to release it. */
    takeLock: (name: string) => takeLock(url, name),
    /** Locks the machine's row, as a transaction that is about to move it. */
    lockMachine: (id: string) => lockMachine(url, id),
    run: (id: string) => db.run.findUniqueOrThrow({ where: { id } }),
    close: () => database.close(),
  };
}

export type FleetBench = Awaited<ReturnType<typeof openFleetBench>>;

async function takeLock(url: string, name: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [name]);
  return {
    /** Resolves when somebody waits for a lock. */
    untilWanted: async () => {
      const query = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
      while ((await client.query(query)).rowCount === 0) await pause(10);
    },
    release: () => client.end(),
  };
}

async function lockMachine(url: string, id: string) {
  const client = new pg.Client({ connectionString: url });
  const look = new pg.Client({ connectionString: url });
  await Promise.all([client.connect(), look.connect()]);
  await client.query("BEGIN");
  await client.query("SELECT 1 FROM machine WHERE id = $1 FOR UPDATE", [id]);
  return {
    /** Resolves when this many transactions wait for a lock. */
    untilWanted: async (count: number) => {
      const query =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
      while (((await look.query(query)).rowCount ?? 0) < count) await pause(10);
    },
    release: async () => {
      await client.query("ROLLBACK");
      await Promise.all([client.end(), look.end()]);
    },
  };
}

function memoryFiles(): FileStore {
  return {
    put: async () => ({ bytes: 0, sha256: "" }),
    get: async (key) => {
      if (!key.startsWith("submissions/") && !key.startsWith("exercises/")) throw new FileMissing(key);
      return { stream: Readable.from([Buffer.from(key)]), bytes: Buffer.byteLength(key) };
    },
    delete: async () => undefined,
    withLocalFile: async (key) => {
      throw new FileMissing(key);
    },
  };
}

/** A queued run of an exercise that wants a Kubernetes, by a version of its own. */
export async function submitKubernetes(
  bench: FleetBench,
  changes: object = {},
  machineKind = "engine+kubernetes",
): Promise<string> {
  const { runId } = await bench.submit();
  const run = await bench.db.run.findUniqueOrThrow({
    where: { id: runId },
    include: { exerciseVersion: true },
  });
  const { id, spec, hash: _hash, current: _current, ...version } = run.exerciseVersion;
  const other = await bench.db.exerciseVersion.create({
    data: {
      ...version,
      id: `${id}-${runId}`,
      hash: createHash("sha256").update(runId).digest("hex"),
      spec: { ...(spec as object), facilities: { kubernetes: {} }, ...changes },
      machineKind,
    },
  });
  await bench.db.run.update({ where: { id: runId }, data: { exerciseVersionId: other.id } });
  return runId;
}

/** Starts the run and returns what its machine was told. */
export async function launchFor(bench: FleetBench, runId: string) {
  const started = await bench.starter.start(runId);
  if (started.outcome !== "started") throw new Error(`The run did not start: ${JSON.stringify(started)}`);
  const machine = bench.provider.machines.get(started.machineId);
  if (!machine) throw new Error("There is no machine.");
  return { ...started, token: machine.spec.userData.token };
}

/** Starts the run and plays its agent until it has its order. */
export async function takeOrder(bench: FleetBench, runId: string) {
  const { machineId, instanceId, token } = await launchFor(bench, runId);
  const { session } = await bench.service.openSession(token);
  const order = await bench.service.nextRun(session);
  if (order === null) throw new Error("There is no order.");
  return { machineId, instanceId, session, order };
}

export function outcome(
  wanted: { id: string; kind: string; title: string; points: number },
  fields: Partial<CheckOutcome> = {},
): CheckOutcome {
  return {
    id: wanted.id,
    kind: wanted.kind,
    title: wanted.title,
    verdict: "passed",
    fault: null,
    points: wanted.points,
    maxPoints: wanted.points,
    message: { expected: "It works.", happened: "It worked.", fix: "Nothing to do." },
    staffOutput: "",
    startedAt: "2024-11-12T18:00:02.000Z",
    durationMs: 5,
    ...fields,
  };
}

/** Everything passed. */
export function fullResult(bench: FleetBench, run: Attempt): RunResult {
  return {
    runId: run.runId,
    attempt: run.attempt,
    outcome: "graded",
    fault: null,
    checks: bench.course.spec.checks.map((check) => outcome(check)),
  };
}
