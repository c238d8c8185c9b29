import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { MachineSight } from "#grading/machines/compare-fleet.ts";
import { isKnownKind, type MachineKind } from "#grading/machines/machine-kind.ts";
import { endingStates, workingStates } from "#grading/machines/machine-state.ts";
import type { IdleMachine } from "#grading/machines/plan-pool.ts";
import type { NoticeCode, NoticeKey } from "#grading/notices/staff-notice.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import type { FleetStop } from "#grading/runs/demand/fleet-money.ts";
import { type HeldBy, heldByMoney } from "#grading/runs/demand/held-by-money.ts";
import type { OpenRun } from "#grading/runs/demand/open-run.ts";
import { readDemand } from "#grading/runs/demand/read-demand.ts";
import type { StartLimits } from "#grading/runs/ports.ts";
import type { FleetDemand } from "#grading/runs/queue/plan-fleet.ts";
import { type WaitCode, waitCodes, waitsBefore } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { readFleetStop } from "../money/fleet-stop.ts";
import { queueReads } from "../runs/queue-reads.ts";
import { type OwnMachines, ofMachineKind, readIdle, readPlaces } from "./fleet-places.ts";
import { type PoolHistory, readPoolHistory } from "./pool-history.ts";

const sight = {
  id: true,
  state: true,
  instanceId: true,
  requestedAt: true,
  bootingAt: true,
  readyAt: true,
  heartbeatAt: true,
  leaseUntil: true,
} as const;

/** What the reconcilers observe of their own provider's machines. Reads only. */
export interface FleetSweeps {
  /** Places taken, and the queued runs that a machine can be had for. */
  demand(limits: StartLimits, now: Date): Promise<Omit<FleetDemand, "fleetMax">>;
  /** All queued runs, which of them wait for money or for staff, and whether staff have stopped the fleet. */
  money(
    limits: StartLimits,
    now: Date,
  ): Promise<{ queued: OpenRun[]; held: Map<string, HeldBy>; stop: FleetStop | null }>;
  /** Of these codes. */
  openNotices(codes: readonly NoticeCode[]): Promise<NoticeKey[]>;
  /** Machines of the pool that wait for a run. */
  idle(): Promise<IdleMachine[]>;
  /** See readPoolHistory. */
  poolHistory(machineKind: MachineKind, since: Date, now: Date): Promise<PoolHistory>;
  /** Of the machines that queued runs wait for, as far as this version knows them. */
  queuedKinds(): Promise<MachineKind[]>;
  /** The same of those that wait since none was to be had. */
  lackingKinds(): Promise<MachineKind[]>;
  /** Of the machines that exercises are graded in now, as far as this version knows them. */
  kindsInUse(): Promise<MachineKind[]>;
  /** Queued runs of this kind that do not say this of what the code names, oldest first. */
  toldOther(machineKind: MachineKind, code: WaitCode, reason: string | null): Promise<Attempt[]>;
  /** requested, booting, ready and assigned machines. */
  working(): Promise<MachineSight[]>;
  /** draining and lost machines, oldest first. */
  ending(): Promise<(MachineSight & { drainingAt: Date | null })[]>;
  /** State and instance of the named machines; unknown ids are absent. */
  byIds(ids: string[]): Promise<Map<string, Pick<MachineSight, "state" | "instanceId">>>;
  /** The id of the machine that works by this instance; null: there is none. */
  byInstance(instanceId: string): Promise<string | null>;
  /** Machines of other providers that are not gone: how many, by provider. */
  foreign(): Promise<{ provider: string; machines: number }[]>;
  /** Machines that are not gone and were asked for before this installation's id was made, oldest first. */
  former(): Promise<{ id: string; instanceId: string | null }[]>;
  /** Those of them that work and whose lease was over at the given instant. */
  foreignOverdue(now: Date): Promise<MachineSight[]>;
  /** Runs under way whose attempt has no working machine, claimed before the one instant or after the other. */
  runsWithoutMachine(claimedBefore: Date, claimedAfter: Date): Promise<Attempt[]>;
  /** Queued runs whose exercise cannot be read. */
  unreadableQueued(): Promise<string[]>;
  /** Runs whose results are stored but not scored. */
  runsInScoring(): Promise<string[]>;
}

export function createFleetSweeps(db: Db, own: OwnMachines): FleetSweeps {
  const { provider } = own;
  return {
    demand: async (limits, now) => ({
      ...(await readPlaces(db, own, now)),
      ...(await readDemand(queueReads(db, own, now), limits)),
    }),
    money: async (limits, now) => {
      const reads = queueReads(db, own, now);
      const queued = (await reads.readOpenRuns()).filter((run) => run.state === "queued");
      return { queued, held: await heldByMoney(reads, queued, limits), stop: await readFleetStop(db) };
    },
    openNotices: async (codes) => {
      const rows = await db.notice.findMany({
        where: { code: { in: [...codes] }, closedAt: null },
        select: { code: true, subject: true },
      });
      return rows.map(({ code, subject }) => ({ action: code as NoticeCode, subject }));
    },
    idle: () => readIdle(db, provider),
    poolHistory: (machineKind, since, now) => readPoolHistory(db, machineKind, since, now),
    queuedKinds: () => kindsOf(db, { runs: { some: { state: "queued" } } }),
    lackingKinds: () => kindsOf(db, { runs: { some: { state: "queued", reasonCode: "no_machines" } } }),
    kindsInUse: () => kindsOf(db, { current: true }),
    toldOther: async (machineKind, code, reason) => {
      const runs = await db.run.findMany({
        where: {
          state: "queued",
          ...ofMachineKind(machineKind),
          ...saysOther(code, reason),
        },
        orderBy: { queuedAt: "asc" },
        select: { id: true, attempt: true },
      });
      return runs.map(({ id, attempt }) => ({ runId: id, attempt }));
    },
    working: () =>
      db.machine.findMany({ where: { provider, state: { in: [...workingStates] } }, select: sight }),
    ending: () =>
      db.machine.findMany({
        where: { provider, state: { in: [...endingStates] } },
        orderBy: { drainingAt: "asc" },
        select: { ...sight, drainingAt: true },
      }),
    byIds: async (ids) => {
      const rows = await db.machine.findMany({
        where: { id: { in: ids } },
        select: { id: true, provider: true, state: true, instanceId: true },
      });
      return new Map(rows.map((row) => [row.id, row]));
    },
    byInstance: async (instanceId) => {
      const where = { provider, instanceId, state: { in: [...workingStates] } };
      return (await db.machine.findFirst({ where, select: { id: true } }))?.id ?? null;
    },
    foreign: async () => {
      const groups = await db.machine.groupBy({
        by: ["provider"],
        where: { provider: { not: provider }, state: { in: [...workingStates, ...endingStates] } },
        _count: true,
        orderBy: { provider: "asc" },
      });
      return groups.map((group) => ({ provider: group.provider, machines: group._count }));
    },
    former: async () => {
      const installation = await db.installation.findFirst({ select: { madeAt: true } });
      if (installation === null) return [];
      const alive = { provider, state: { in: [...workingStates, ...endingStates] } };
      return db.machine.findMany({
        where: { ...alive, requestedAt: { lt: installation.madeAt } },
        orderBy: { requestedAt: "asc" },
        select: { id: true, instanceId: true },
      });
    },
    foreignOverdue: (now) =>
      db.machine.findMany({
        where: { provider: { not: provider }, state: { in: [...workingStates] }, leaseUntil: { lte: now } },
        select: sight,
      }),
    runsWithoutMachine: (claimedBefore, claimedAfter) => db.$queryRaw`
      SELECT r.id AS "runId", r.attempt
      FROM run r
      WHERE r.state IN ('claimed', 'provisioning', 'running')
        AND (r.claimed_at < ${claimedBefore} OR r.claimed_at > ${claimedAfter})
        AND NOT EXISTS (
          SELECT 1 FROM machine c
          WHERE c.run_id = r.id AND c.run_attempt = r.attempt
            AND c.state IN ('requested', 'booting', 'ready', 'assigned')
        )`,
    unreadableQueued: async () => {
      const versions = await db.exerciseVersion.findMany({
        where: { runs: { some: { state: "queued" } } },
        select: { id: true, spec: true },
      });
      const broken = versions.filter(({ spec }) => storedSpec.read(spec).outcome === "unreadable");
      if (broken.length === 0) return [];
      const rows = await db.run.findMany({
        where: { state: "queued", exerciseVersionId: { in: broken.map(({ id }) => id) } },
        orderBy: { queuedAt: "asc" },
        select: { id: true },
      });
      return rows.map(({ id }) => id);
    },
    runsInScoring: async () => {
      const rows = await db.run.findMany({ where: { state: "scoring" }, select: { id: true } });
      return rows.map((row) => row.id);
    },
  };
}

/** What is said before what the code names stays; see transitionRun. */
function saysOther(code: WaitCode, reason: string | null): Prisma.RunWhereInput {
  if (reason === null) return { reasonCode: code };
  const before = waitsBefore(code);
  const others = waitCodes.filter((one) => one !== code && !before.includes(one));
  return {
    OR: [
      { reasonCode: null },
      { reasonCode: code, reason: { not: reason } },
      ...(others.length > 0 ? [{ reasonCode: { in: others } }] : []),
    ],
  };
}

async function kindsOf(db: Db, where: Prisma.ExerciseVersionWhereInput): Promise<MachineKind[]> {
  const found = await db.exerciseVersion.findMany({
    where,
    distinct: ["machineKind"],
    select: { machineKind: true },
  });
  return found.map(({ machineKind }) => machineKind).filter((kind) => isKnownKind(kind));
}
