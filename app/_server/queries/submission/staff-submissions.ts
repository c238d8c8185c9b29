import { z } from "zod";
import { type Lateness, latenessOf } from "#course/deadlines/lateness.ts";
import { type RunState, runStates, statesLike } from "#grading/runs/run-state.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import type { Services } from "../../services.ts";
import { deadlineInForce } from "../course/assignment-deadline.ts";
import { countedAndRerun, listedRuns, type RerunBrief, scoresOf } from "../run/counted-and-rerun.ts";
import { runCost } from "../run/machine-cost.ts";

/** Filters as they stand in the address; anything unknown is left out. */
export const staffFilter = z.object({
  section: z.string().optional().catch(undefined),
  exercise: z.string().optional().catch(undefined),
  state: z
    .enum([...runStates, "refused"])
    .optional()
    .catch(undefined),
  q: z.string().trim().max(100).optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});
export type StaffFilter = z.output<typeof staffFilter>;

export const pageSize = 50;

export interface StaffRow {
  submissionId: string;
  student: string;
  email: string;
  section: string | null;
  exercise: string;
  /** No machine grades it: there is no run. */
  collected: boolean;
  number: number;
  receivedAt: string;
  lateness: Lateness;
  run: {
    id: string;
    state: RunState;
    score: number | null;
    maxScore: number | null;
    costUsd: number | null;
  } | null;
  rerun: RerunBrief;
}

export interface StaffRefusal {
  id: string;
  student: string;
  exercise: string;
  fileName: string;
  bytes: number;
  /** Of the whole upload; null: unknown, but not fewer than `bytes`. */
  wholeBytes: number | null;
  code: string;
  message: string;
  receivedAt: string;
  /** Of the same code within the hour; all else is the last one's. */
  count: number;
}

export interface StaffList {
  rows: StaffRow[];
  total: number;
  refusals: StaffRefusal[];
  refusalTotal: number;
  sections: string[];
  exercises: { slug: string; title: string }[];
  /** In the order of the schedule. */
  assignments: { slug: string; title: string }[];
  /** Runs that count or are under way, by state, of the whole course. */
  states: Partial<Record<RunState, number>>;
}

/** Submissions of a course, newest first, a page at a time; and the uploads that were refused. */
export async function listForStaff(
  { db }: Services,
  courseId: string,
  filter: StaffFilter,
): Promise<StaffList> {
  const inCourse = { exercise: { assignment: { courseId } } };
  const where = submissionFilter(courseId, filter);
  const refusalWhere = { ...inCourse, ...personFilter(courseId, filter) };
  const onlyRefusals = filter.state === "refused";
  const skip = (filter.page - 1) * pageSize;
  const [rows, total, refusals, refusalTotal, sections, exercises, assignments, states] = await Promise.all([
    onlyRefusals ? [] : findRows(db, courseId, where, skip),
    onlyRefusals ? 0 : db.submission.count({ where }),
    findRefusals(db, refusalWhere, onlyRefusals ? skip : 0),
    db.uploadRefusal.count({ where: refusalWhere }),
    db.section.findMany({ where: { courseId }, orderBy: { code: "asc" }, select: { code: true } }),
    db.exercise.findMany({ where: { assignment: { courseId } }, select: { slug: true, title: true } }),
    db.assignment.findMany({
      where: { courseId },
      orderBy: [{ position: "asc" }, { slug: "asc" }],
      select: { slug: true, title: true },
    }),
    db.run.groupBy({ by: ["state"], _count: true, where: { ...listedRuns, submission: inCourse } }),
  ]);
  return {
    rows,
    total,
    refusals,
    refusalTotal,
    sections: sections.map((section) => section.code),
    exercises,
    assignments,
    states: Object.fromEntries(states.map((group) => [group.state, group._count])),
  };
}

/** By section, exercise and text; shared by submissions and refusals. */
function personFilter(courseId: string, filter: StaffFilter) {
  const enrolled = filter.section
    ? { enrollments: { some: { courseId, section: { code: filter.section } } } }
    : {};
  const text = filter.q
    ? {
        OR: [
          { user: { name: { contains: filter.q, mode: "insensitive" as const } } },
          { user: { email: { contains: filter.q, mode: "insensitive" as const } } },
          { fileName: { contains: filter.q, mode: "insensitive" as const } },
          { id: filter.q },
        ],
      }
    : {};
  const exercise = filter.exercise ? { slug: filter.exercise } : {};
  return { user: enrolled, exercise: { ...exercise, assignment: { courseId } }, ...text };
}

function submissionFilter(courseId: string, filter: StaffFilter): Prisma.SubmissionWhereInput {
  const state = filter.state && filter.state !== "refused" ? filter.state : null;
  return {
    ...personFilter(courseId, filter),
    ...(state ? { runs: { some: { ...listedRuns, state: { in: [...statesLike(state)] } } } } : {}),
  };
}

async function findRows(
  db: Services["db"],
  courseId: string,
  where: Prisma.SubmissionWhereInput,
  skip: number,
): Promise<StaffRow[]> {
  const rows = await db.submission.findMany({
    where,
    orderBy: [{ receivedAt: "desc" }, { id: "desc" }],
    skip,
    take: pageSize,
    select: {
      id: true,
      number: true,
      receivedAt: true,
      dueAt: true,
      late: true,
      user: {
        select: {
          extensions: {
            where: { assignment: { courseId } },
            select: { assignmentId: true, dueAt: true },
          },
          name: true,
          email: true,
          enrollments: { where: { courseId }, select: { section: { select: { code: true } } } },
        },
      },
      exercise: { select: { title: true, collectMegabytes: true, assignment: true } },
      runs: {
        where: listedRuns,
        select: {
          id: true,
          state: true,
          counts: true,
          score: true,
          maxScore: true,
          machines: { select: { costUsd: true, poolCostUsd: true } },
        },
      },
    },
  });
  return rows.map(({ id, user, exercise, runs, ...row }) => {
    const { counted, rerun } = countedAndRerun(runs);
    return {
      submissionId: id,
      student: user.name,
      email: user.email,
      section: user.enrollments[0]?.section?.code ?? null,
      exercise: exercise.title,
      collected: exercise.collectMegabytes !== null,
      number: row.number,
      receivedAt: row.receivedAt.toISOString(),
      lateness: latenessOf(row, deadlineInForce(withExtensionsOf(user, exercise.assignment))),
      run: counted && {
        ...{ id: counted.id, state: counted.state, costUsd: sumCosts(counted.machines) },
        ...scoresOf(counted),
      },
      rerun,
    };
  });
}

/** An assignment with those of a person's extensions that are for it. */
function withExtensionsOf<Row extends { id: string }>(
  user: { extensions: { assignmentId: string; dueAt: Date }[] },
  assignment: Row,
) {
  return {
    ...assignment,
    extensions: user.extensions.filter((extension) => extension.assignmentId === assignment.id),
  };
}

/** Of every machine the run had; null while none has been settled. */
function sumCosts(machines: Parameters<typeof runCost>[0][]): number | null {
  const known = machines.map(runCost).filter((cost) => cost !== null);
  return known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0);
}

async function findRefusals(
  db: Services["db"],
  where: Prisma.UploadRefusalWhereInput,
  skip: number,
): Promise<StaffRefusal[]> {
  const rows = await db.uploadRefusal.findMany({
    where,
    orderBy: { receivedAt: "desc" },
    skip,
    take: pageSize,
    include: { user: { select: { name: true } }, exercise: { select: { title: true } } },
  });
  return rows.map(
    ({ id, user, exercise, fileName, bytes, wholeBytes, code, message, receivedAt, count }) => ({
      id,
      student: user.name,
      exercise: exercise.title,
      fileName,
      bytes: Number(bytes),
      wholeBytes: wholeBytes === null ? null : Number(wholeBytes),
      code,
      message,
      count,
      receivedAt: receivedAt.toISOString(),
    }),
  );
}
