import { costOf, perSecond } from "./cost-of.ts";

const hour = 3600;
/** The course's own months: 30.4 days, twelve to a year. */
const spans = [
  { span: "day", hours: 24 },
  { span: "week", hours: 7 * 24 },
  { span: "month", hours: 30.4 * 24 },
  { span: "year", hours: 12 * 30.4 * 24 },
] as const;

export type ForgottenSpan = (typeof spans)[number]["span"];

/** What an instance costs that nobody ends: USD, for a day, a week, a month and a year. */
export function costIfForgotten(usdPerHour: number): { span: ForgottenSpan; usd: number }[] {
  return spans.map(({ span, hours }) => ({
    span,
    usd: costOf(usdPerHour, Math.round(hours * hour), perSecond),
  }));
}

/** The instance of the course's own reminder. */
export const reminder = { instanceType: "c5d.large", usdPerHour: 0.0326 };
