import { courseShares } from "#course/gradebook/course-worth.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { Prisma } from "#infra/db/generated/client.ts";

/** What exerciseShares needs of an assignment's exercises. */
export const sharedExercises = {
  select: {
    id: true,
    collectMegabytes: true,
    versions: { where: { current: true }, select: { spec: true } },
  },
} satisfies Prisma.Assignment$exercisesArgs;

interface Shared {
  points: Prisma.Decimal;
  exercises: { id: string; collectMegabytes: number | null; versions: { spec: unknown }[] }[];
}

/** What this exercise of the assignment is worth in the course; null while nobody knows. */
export function shareOf(assignment: Shared, exerciseId: string): number | null {
  return exerciseShares(assignment).get(exerciseId) ?? null;
}

/** By the exercise's id what it is worth in the course; null while nobody knows. */
export function exerciseShares({ points, exercises }: Shared): Map<string, number | null> {
  // What is only collected has no checks, and is all that its assignment takes: its share is the whole.
  const own = exercises.map(({ versions, collectMegabytes }) =>
    collectMegabytes === null ? ownPoints(versions[0]?.spec) : 1,
  );
  const shares = courseShares(Number(points), own);
  return new Map(exercises.map(({ id }, index) => [id, shares[index] ?? null]));
}

/** Sum of the points of the checks; 0 for an exercise that is not published, null for one that cannot be read. */
export function ownPoints(spec: unknown): number | null {
  if (spec === undefined) return 0;
  const stored = storedSpec.read(spec);
  return stored.outcome === "read" ? stored.value.checks.reduce((sum, check) => sum + check.points, 0) : null;
}
