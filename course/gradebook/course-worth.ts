/**
 * One currency of points: what an exercise's own points are in the points of its course. An assignment states its
 * points, an exercise those of its checks; the assignment's are shared among its exercises by their own points, since
 * that is how an author says which of them weighs more. So a single exercise of 100 is all 20 of its assignment, and
 * two of 60 and 40 are 12 and 8.
 */

/** What is earned of what can be, in the course's points. */
export interface Worth {
  /** null while there is no score. */
  points: number | null;
  of: number;
}

/**
 * What each exercise of an assignment is worth, in the order given. ownPoints: the sum of each one's checks; 0 while it
 * is not published, null while it cannot be read. As long as one cannot be read nobody knows the share of any: null.
 */
export function courseShares(
  assignmentPoints: number,
  ownPoints: readonly (number | null)[],
): (number | null)[] {
  const known = ownPoints.filter((points) => points !== null);
  const sum = known.reduce((total, points) => total + points, 0);
  if (known.length < ownPoints.length || sum === 0) return ownPoints.map(() => null);
  return known.map((points) => (assignmentPoints * points) / sum);
}

/**
 * A score in the course's points. own: as graded, out of what the graded version could give, which may be another
 * number than the version of now; share: of the exercise, from courseShares. null where nobody knows the share.
 */
export function courseWorth(
  own: { points: number | null; of: number | null },
  share: number | null,
): Worth | null {
  if (share === null) return null;
  if (own.points === null || own.of === null || own.of <= 0) return { points: null, of: share };
  return { points: (share * own.points) / own.of, of: share };
}
