import { deadlineRules } from "#course/deadlines/deadline-rules.ts";
import { effectiveDeadline } from "#course/deadlines/effective-deadline.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { PastDeadline } from "#grading/machines/capacity/arrival-curve.ts";
import type { ClassWork } from "#grading/machines/capacity/coming-deadlines.ts";
import type { CapacityReads, KindLoad, PastFigures } from "#grading/machines/capacity/hold-ahead.ts";
import { isKnownKind, type MachineKind } from "#grading/machines/machine-kind.ts";
import { endingStates, workingStates } from "#grading/machines/machine-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { endingSince, type OwnMachines } from "./fleet-places.ts";

/** See CapacityReads; of machines those of the own provider. */
export function createCapacityReads(db: Db, own: OwnMachines): CapacityReads {
  return {
    readWorks: (now) => readWorks(db, now),
    readPast: (since, now) => readPast(db, since, now),
    readFigures: (kinds) => readFigures(db, own, kinds),
    readLoads: (now) => readLoads(db, own, now),
  };
}

async function readWorks(db: Db, now: Date): Promise<ClassWork[]> {
  const assignments = await db.assignment.findMany({
    where: {
      AND: [
        { OR: [{ releasedAt: null }, { releasedAt: { lte: now } }] },
        // An extension never shortens.
        { OR: [{ dueAt: { gt: now } }, { extensions: { some: { dueAt: { gt: now } } } }] },
      ],
    },
    include: {
      extensions: { select: { userId: true, dueAt: true } },
      exercises: {
        select: {
          id: true,
          title: true,
          versions: { where: { current: true }, select: { spec: true, machineKind: true } },
        },
      },
      course: { select: { enrollments: { where: { role: "student" }, select: { userId: true } } } },
    },
  });
  const exerciseIds = assignments.flatMap(({ exercises }) => exercises.map(({ id }) => id));
  const handedIn = await readHandedIn(db, exerciseIds);
  return assignments.flatMap(({ exercises, extensions, course, title, ...dates }) => {
    const extensionOf = new Map(extensions.map((one) => [one.userId, one]));
    const rules = deadlineRules(dates);
    const due = course.enrollments.flatMap(({ userId }) => {
      const { dueAt } = effectiveDeadline(rules, extensionOf.get(userId) ?? null);
      return dueAt === null ? [] : [{ userId, dueAt }];
    });
    return exercises.flatMap((exercise): ClassWork[] => {
      const [version] = exercise.versions;
      if (version === undefined || !isKnownKind(version.machineKind)) return [];
      const stored = storedSpec.read(version.spec);
      // Its runs end without a machine.
      if (stored.outcome === "unreadable") return [];
      const { facilities, timeoutSeconds } = stored.value;
      return [
        {
          title: exercises.length === 1 ? title : `${title}, ${exercise.title}`,
          ...{ machineKind: version.machineKind, nodes: facilities.kubernetes?.nodes ?? 0, timeoutSeconds },
          students: due.map(({ userId, dueAt }) => ({
            dueAt,
            handedIn: handedIn.has(`${exercise.id} ${userId}`),
          })),
        },
      ];
    });
  });
}

/** Exercise and person, of each who has handed it in, or whose team has. */
async function readHandedIn(db: Db, exerciseIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ key: string }[]>`
    SELECT s.exercise_id || ' ' || s.user_id AS key
    FROM submission s WHERE s.exercise_id = ANY(${[...exerciseIds]})
    UNION SELECT s.exercise_id || ' ' || m.user_id
    FROM submission s JOIN team_member m ON m.team_id = s.team_id WHERE s.exercise_id = ANY(${[...exerciseIds]})`;
  return new Set(rows.map(({ key }) => key));
}

/** What students handed in, by the deadline that applied to them when it was received. */
async function readPast(db: Db, since: Date, now: Date): Promise<PastDeadline[]> {
  const exercises = await db.exercise.findMany({
    where: { assignment: { dueAt: { gt: since, lte: now } } },
    select: {
      id: true,
      assignment: {
        select: {
          course: { select: { enrollments: { where: { role: "student" }, select: { userId: true } } } },
        },
      },
    },
  });
  const rows = await db.$queryRaw<{ exerciseId: string; userId: string; leads: number[] }[]>`
    SELECT s.exercise_id AS "exerciseId", s.user_id AS "userId",
      array_agg(extract(epoch FROM s.due_at - s.received_at)::float8) AS leads
    FROM submission s
    WHERE s.exercise_id = ANY(${exercises.map(({ id }) => id)}) AND s.due_at IS NOT NULL
    GROUP BY s.exercise_id, s.user_id`;
  return exercises.map(({ id, assignment }) => {
    const students = new Set(assignment.course.enrollments.map(({ userId }) => userId));
    const own = rows.filter(({ exerciseId, userId }) => exerciseId === id && students.has(userId));
    return { students: students.size, leads: own.map(({ leads }) => leads) };
  });
}

/** Fewer say too little. */
const leastMachines = 5;
const newestMachines = 50;

async function readFigures(db: Db, own: OwnMachines, kinds: readonly MachineKind[]): Promise<PastFigures[]> {
  const rows = await db.$queryRaw<{ kind: string; boots: number; boot: number; runs: number; run: number }[]>`
    SELECT wanted.kind, count(boot)::int AS boots, count(run)::int AS runs,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY boot) AS boot,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY run) AS run
    FROM unnest(${[...kinds]}::text[]) AS wanted (kind)
    CROSS JOIN LATERAL (
      SELECT extract(epoch FROM coalesce(m.warm_at, m.ready_at) - m.requested_at)::float8 AS boot,
        extract(epoch FROM m.draining_at - m.assigned_at)::float8 AS run
      FROM machine m
      WHERE m.machine_kind = wanted.kind AND m.provider = ${own.provider}
      ORDER BY m.requested_at DESC LIMIT ${newestMachines}
    ) newest
    GROUP BY wanted.kind`;
  return rows.map(({ kind, boots, boot, runs, run }) => ({
    kind,
    bootSeconds: boots < leastMachines ? null : boot,
    runSeconds: runs < leastMachines ? null : run,
  }));
}

async function readLoads(db: Db, own: OwnMachines, now: Date): Promise<KindLoad[]> {
  const rows = await db.$queryRaw<KindLoad[]>`
    SELECT kind, sum(waiting)::int AS waiting, sum(under_way)::int AS "underWay" FROM (
      SELECT v.machine_kind AS kind, 1 AS waiting, 0 AS under_way
      FROM run r JOIN exercise_version v ON v.id = r.exercise_version_id
      WHERE r.state = 'queued'
      UNION ALL
      SELECT m.machine_kind, 0, 1
      FROM machine m
      WHERE m.provider = ${own.provider} AND (
        (m.state = ANY(${[...workingStates]}::"MachineState"[]) AND (m.pool_nodes IS NULL OR m.run_id IS NOT NULL))
        OR (m.state = ANY(${[...endingStates]}::"MachineState"[]) AND m.draining_at > ${endingSince(own.timings, now)})
      )
    ) load GROUP BY kind`;
  return rows.filter(({ kind }) => isKnownKind(kind));
}
