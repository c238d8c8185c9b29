/**
 * How clocks are read. To make a formatter takes half a millisecond, to use one some microseconds: each is made once
 * for its zone and shape, and zones are as many as the world has. Intl knows each by thousands of spellings in capitals
 * and small letters, and a formatter takes 100 kB: whoever sends them all must not have them all kept.
 */
const shapes = {
  /** Numbers by their names, whatever the language. */
  fields: {
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  },
  /** Thu, Nov 14 */
  day: { weekday: "short", month: "short", day: "numeric" },
  /** Thu, Nov 14, 2024 */
  dayOfYear: { weekday: "short", year: "numeric", month: "short", day: "numeric" },
  /** 11:59 PM */
  minute: { hour: "numeric", minute: "2-digit" },
  /** 11:59:59 PM */
  second: { hour: "numeric", minute: "2-digit", second: "2-digit" },
  /** PST */
  shortName: { timeZoneName: "short" },
  /** Pacific Standard Time */
  longName: { timeZoneName: "long" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const made = new Map<string, Intl.DateTimeFormat>();

/** timeZone: a name that Intl knows; throws RangeError for any other. */
export function formatterOf(timeZone: string, shape: keyof typeof shapes): Intl.DateTimeFormat {
  // By its ASCII letters alone: other small letters are other names, which Intl refuses.
  const key = `${shape} ${timeZone.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())}`;
  const known = made.get(key);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat("en-US", { timeZone, ...shapes[shape] });
  made.set(key, formatter);
  return formatter;
}
