import type { CapKind } from "#course/cost/budget.ts";
import type { NoticeCode, StaffNotice } from "../../notices/staff-notice.ts";
import type { FleetStop } from "./fleet-money.ts";
import type { HeldBy } from "./held-by-money.ts";

/** Those that the runs which wait for money open and close. */
export const moneyCodes = [
  "fleet.budget",
  "fleet.student-budget",
  "fleet.stopped",
] as const satisfies NoticeCode[];

/** What staff must know now, of all runs that wait for money. One notice for the day, each course, and the stop. */
export function moneyNotices(held: Iterable<HeldBy>, stop: FleetStop | null): StaffNotice[] {
  if (stop !== null) return [stoppedNotice(stop)];
  const notices = new Map<string, StaffNotice>();
  for (const by of held) {
    if (by.what === "stop") continue;
    const notice = ofCap[by.cap](by.course);
    notices.set(`${notice.action} ${notice.subject}`, notice);
  }
  return [...notices.values()];
}

export const stoppedNotice = ({ by, reason }: FleetStop): StaffNotice => ({
  action: "fleet.stopped",
  subject: "fleet:all",
  reason: `${by} stopped the fleet (“${reason}”): no machine is started until somebody starts it again.`,
});

/** Open as long as runs wait for what may still be spent in the day. */
export const dayIsShort = { action: "fleet.budget", subject: "budget:day" } as const;

const ofCap: Record<CapKind, (course: string) => StaffNotice> = {
  day: () => ({
    ...dayIsShort,
    reason: "Runs wait: another machine could pass what machines may cost in a day (DRYDOCK_DAY_USD).",
  }),
  course: (course) => ({
    action: "fleet.budget",
    subject: `course:${course}`,
    reason: "Runs wait: another machine could pass what this course may cost (DRYDOCK_COURSE_USD).",
  }),
  student: (course) => ({
    action: "fleet.student-budget",
    subject: `course:${course}`,
    reason:
      "Runs wait: another machine could pass what the runs of their student may cost in a day (DRYDOCK_STUDENT_DAY_USD).",
  }),
};
