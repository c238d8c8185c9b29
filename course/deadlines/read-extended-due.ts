import type { FieldProblem } from "./ports.ts";
import { resolveDue } from "./resolve-due.ts";
import { anywhereOnEarth, isZone } from "./zones.ts";

/** A due date as a form has it. */
export interface TypedDue {
  /** 2024-11-25 */
  date: string;
  /** 23:59 or 23:59:30; empty means the end of the day. */
  time: string;
  /** AoE, in any case, or an IANA name. */
  zone: string;
}

/** The instant that was typed, and how it was said, for the audit; or what is wrong, beside its field. */
export function readExtendedDue(
  typed: TypedDue,
): { dueAt: Date; stated: string } | { problem: FieldProblem<"date" | "time" | "zone"> } {
  const [date, time] = [typed.date.trim(), typed.time.trim()];
  const named = readZone(typed.zone);
  if ("message" in named) return { problem: { field: "zone", message: named.message } };
  const { zone } = named;
  const day = resolveDue(date, zone);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || day.outcome === "invalid") {
    const message =
      date === ""
        ? "Choose the new due date, a day such as 2024-11-25."
        : `${date} is not a date: write a day such as 2024-11-25.`;
    return { problem: { field: "date", message } };
  }
  if (time === "") return { dueAt: day.instant, stated: `${date} ${zone}` };
  if (!/^\d{2}:\d{2}(:\d{2})?$/.test(time)) {
    const message = `${time} is not a time: write one such as 23:59, or nothing for the end of the day.`;
    return { problem: { field: "time", message } };
  }
  const resolved = resolveDue(`${date}T${time}`, zone);
  if (resolved.outcome === "invalid") return { problem: { field: "time", message: resolved.message } };
  return { dueAt: resolved.instant, stated: `${date} ${time} ${zone}` };
}

/** A zone as it was typed, AoE in any case; or what is wrong with it. */
export function readZone(typed: string): { zone: string } | { message: string } {
  const named = typed.trim();
  const zone = named.toLowerCase() === anywhereOnEarth.toLowerCase() ? anywhereOnEarth : named;
  if (isZone(zone)) return { zone };
  const rule = `${anywhereOnEarth} or a name such as America/Los_Angeles`;
  return {
    message: named === "" ? `Name the time zone: ${rule}.` : `${named} is not a time zone: write ${rule}.`,
  };
}
