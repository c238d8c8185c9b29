/** The moments of a cron schedule, as sets of numbers: minute, hour, day of month, month, day of week (0 is Sunday). */
export type CronSchedule = [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];

const macros: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields: { from: number; to: number; names: string[]; first: number }[] = [
  { from: 0, to: 59, names: [], first: 0 },
  { from: 0, to: 23, names: [], first: 0 },
  { from: 1, to: 31, names: [], first: 0 },
  { from: 1, to: 12, names: months, first: 1 },
  { from: 0, to: 7, names: days, first: 0 },
];

/** Reads a schedule as the CronJob controller does; null when it is none. */
export function parseCron(schedule: string): CronSchedule | null {
  const plain = macros[schedule.trim().toLowerCase()] ?? schedule.trim();
  const parts = plain.split(/\s+/);
  if (parts.length !== fields.length) return null;
  const sets: Set<number>[] = [];
  for (const [index, field] of fields.entries()) {
    const set = parseField(parts[index] ?? "", field);
    if (!set) return null;
    sets.push(set);
  }
  const dayOfWeek = sets[4];
  if (dayOfWeek?.delete(7)) dayOfWeek.add(0);
  return sets as CronSchedule;
}

/** Whether two schedules run at the same moments, however they are written. */
export function isSameSchedule(one: string, other: string): boolean {
  const [a, b] = [parseCron(one), parseCron(other)];
  if (!a || !b) return false;
  return a.every((set, index) => {
    const same = b[index];
    return same !== undefined && set.size === same.size && [...set].every((value) => same.has(value));
  });
}

function parseField(text: string, field: (typeof fields)[number]): Set<number> | null {
  const set = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return null;
    const [, start = "", end, step = "1"] = match;
    const isAll = start === "*" || start === "?";
    const from = isAll ? field.from : numberOf(start, field);
    // “5/15” goes on from 5 to the end.
    const open = isAll || (end === undefined && match[3] !== undefined);
    const to = open ? field.to : end === undefined ? from : numberOf(end, field);
    const by = Number(step);
    if (from === null || to === null || to < from || by < 1 || (isAll && end !== undefined)) return null;
    // 7 is another name of Sunday only when it is written.
    const last = isAll && field.to === 7 ? 6 : to;
    for (let value = from; value <= last; value += by) set.add(value);
  }
  return set;
}

function numberOf(text: string, { from, to, names, first }: (typeof fields)[number]): number | null {
  const named = names.indexOf(text.toLowerCase());
  if (named !== -1) return named + first;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : null;
}
