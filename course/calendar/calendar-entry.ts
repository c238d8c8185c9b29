/** One thing in a calendar. */
export interface CalendarEntry {
  /** The same thing keeps it, whatever changes of it, so that a calendar moves it instead of adding another. */
  key: string;
  when:
    | { kind: "span"; startsAt: Date; endsAt: Date }
    /** A deadline: the instant from which it is over. */
    | { kind: "instant"; at: Date }
    /** Days of the calendar, both included. */
    | { kind: "days"; from: string; to: string };
  title: string;
  /** What there is to say of it, a line each. */
  lines: string[];
  place: string | null;
  /** Of its page on the site. */
  path: string;
  /** Whether who has it in their calendar is taken meanwhile. */
  busy: boolean;
}
