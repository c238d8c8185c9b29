/** A part of the time before a deadline, from where the part nearer to the deadline ends. */
export interface CurvePart {
  /** Seconds before the deadline at which it begins. */
  fromSeconds: number;
  /** Of all submissions, and of the first ones of each student; over all parts each sums up to 1. */
  share: number;
  firsts: number;
}

/** When students hand in, seen from their own deadline. */
export interface ArrivalCurve {
  /** Submissions for each student who is due, those counted in who hand in nothing. */
  perStudent: number;
  /** The nearest to the deadline first; fromSeconds only grows. */
  parts: readonly CurvePart[];
}

const minutes = 60;
const hours = 3600;

/** Without history: two tries a student, 40% of all in the last hour. */
export const defaultCurve: ArrivalCurve = {
  perStudent: 2,
  parts: [
    { fromSeconds: 10 * minutes, share: 0.1, firsts: 0.05 },
    { fromSeconds: 30 * minutes, share: 0.15, firsts: 0.1 },
    { fromSeconds: hours, share: 0.15, firsts: 0.13 },
    { fromSeconds: 2 * hours, share: 0.08, firsts: 0.08 },
    { fromSeconds: 6 * hours, share: 0.12, firsts: 0.13 },
    { fromSeconds: 24 * hours, share: 0.18, firsts: 0.2 },
    { fromSeconds: 72 * hours, share: 0.12, firsts: 0.16 },
    { fromSeconds: 168 * hours, share: 0.1, firsts: 0.15 },
  ],
};

/** Between two times before the deadline, in seconds, the earlier one first; within a part evenly. */
export function shareBetween(
  { parts }: ArrivalCurve,
  from: number,
  until: number,
  of: "share" | "firsts" = "share",
): number {
  let sum = 0;
  let near = 0;
  for (const part of parts) {
    const far = part.fromSeconds;
    const overlap = Math.min(from, far) - Math.max(until, near);
    if (overlap > 0) sum += (part[of] * overlap) / (far - near);
    near = far;
  }
  return sum;
}

/** What came in for an assignment that is over. */
export interface PastDeadline {
  /** Who were due. */
  students: number;
  /**
   * Of each student who handed in, the seconds before the own deadline of each submission, in any order; negative
   * where it was late.
   */
  leads: readonly (readonly number[])[];
}

/** The curve to begin with weighs as much as so many students' work: a first small assignment does not turn it over. */
const priorStudents = 20;

/** From earlier assignments; without any it is the one to begin with. Late work counts as handed in at the deadline. */
export function learnCurve(past: readonly PastDeadline[], prior = defaultCurve): ArrivalCurve {
  const students = past.reduce((sum, one) => sum + Math.max(one.students, one.leads.length), 0);
  const all = past.flatMap(({ leads }) => leads.flat());
  const firsts = past.flatMap(({ leads }) =>
    leads.filter((own) => own.length > 0).map((own) => Math.max(...own)),
  );
  const priorAll = priorStudents * prior.perStudent;
  const allIn = countIn(prior, all);
  const firstsIn = countIn(prior, firsts);
  return {
    perStudent: (priorAll + all.length) / (priorStudents + students),
    parts: prior.parts.map((part, index) => ({
      fromSeconds: part.fromSeconds,
      share: (part.share * priorAll + (allIn[index] ?? 0)) / (priorAll + all.length),
      firsts: (part.firsts * priorStudents + (firstsIn[index] ?? 0)) / (priorStudents + firsts.length),
    })),
  };
}

/** What is earlier than the earliest part counts as that one's. */
function countIn({ parts }: ArrivalCurve, leads: readonly number[]): number[] {
  const counts = parts.map(() => 0);
  for (const lead of leads) {
    const found = parts.findIndex(({ fromSeconds }) => lead <= fromSeconds);
    const index = found === -1 ? parts.length - 1 : found;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
