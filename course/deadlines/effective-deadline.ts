import { type LatePolicy, latePenaltyPercent } from "./late-policy.ts";

/** An assignment's dates as stored; every instant may be missing. */
export interface DeadlineRules {
  releasedAt: Date | null;
  dueAt: Date | null;
  availableUntil: Date | null;
  graceSeconds: number;
  latePolicy: LatePolicy;
}

/** The dates that apply to one student. Each ends closed-open: what is received before it is within. */
export interface EffectiveDeadline {
  releasedAt: Date | null;
  dueAt: Date | null;
  /** Until when work still counts as on time; dueAt when there is no grace. */
  graceUntil: Date | null;
  /** From when nothing is taken; null when there is no due date. */
  closesAt: Date | null;
  graceSeconds: number;
  latePolicy: LatePolicy;
  /** Whether an extension moved the due date. */
  extended: boolean;
}

/**
 * What the assignment's dates mean for a student with this extension. An extension never shortens, and takes
 * available-until with it when that would come first; grace comes on top of either.
 */
export function effectiveDeadline(
  rules: DeadlineRules,
  extension: { dueAt: Date } | null,
): EffectiveDeadline {
  const { releasedAt, graceSeconds, latePolicy } = rules;
  if (rules.dueAt === null) {
    const open = { dueAt: null, graceUntil: null, closesAt: null, extended: false };
    return { releasedAt, graceSeconds, latePolicy, ...open };
  }
  const dueAt = later(rules.dueAt, extension?.dueAt ?? rules.dueAt);
  const graceUntil = new Date(dueAt.getTime() + graceSeconds * 1000);
  const takesLate = latePolicy.kind !== "none" && rules.availableUntil !== null;
  const closesAt = takesLate ? later(rules.availableUntil ?? graceUntil, graceUntil) : graceUntil;
  const extended = dueAt > rules.dueAt;
  return { releasedAt, dueAt, graceUntil, closesAt, graceSeconds, latePolicy, extended };
}

export type DeadlineStatus = "not-released" | "open" | "in-grace" | "late-accepted" | "closed";

/** Where `now` lies, and the instant at which that changes; null when it never does. */
export function deadlineStatusAt(
  deadline: EffectiveDeadline,
  now: Date,
): { status: DeadlineStatus; until: Date | null } {
  const { releasedAt, dueAt, graceUntil, closesAt } = deadline;
  if (releasedAt !== null && now < releasedAt) return { status: "not-released", until: releasedAt };
  if (dueAt === null) return { status: "open", until: null };
  if (now < dueAt) return { status: "open", until: dueAt };
  if (graceUntil !== null && now < graceUntil) return { status: "in-grace", until: graceUntil };
  if (closesAt !== null && now < closesAt) return { status: "late-accepted", until: closesAt };
  return { status: "closed", until: null };
}

export type Arrival =
  | { outcome: "accepted"; late: boolean; penaltyPercent: number }
  | { outcome: "refused"; code: "not-released" | "deadline-passed" };

/** What happens to work that counts as received at `received`: see receptionTime. */
export function judgeArrival(deadline: EffectiveDeadline, received: Date): Arrival {
  const { status } = deadlineStatusAt(deadline, received);
  if (status === "not-released") return { outcome: "refused", code: "not-released" };
  if (status === "closed") return { outcome: "refused", code: "deadline-passed" };
  if (status !== "late-accepted" || deadline.dueAt === null) {
    return { outcome: "accepted", late: false, penaltyPercent: 0 };
  }
  const penaltyPercent = latePenaltyPercent(deadline.latePolicy, deadline.dueAt, received);
  return { outcome: "accepted", late: true, penaltyPercent };
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
