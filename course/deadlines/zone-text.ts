import { formatterOf } from "./formatters.ts";
import { anywhereOnEarth, isZone } from "./zones.ts";

/** An instant as the clocks of one zone show it. */
export interface ZoneText {
  /** AoE or an IANA name. */
  zone: string;
  /** Thu, Nov 14, 2024, 11:59:59 PM */
  text: string;
  /** PST, GMT+1 or AoE; changes with the clocks. */
  abbreviation: string;
  /** Pacific Standard Time, Anywhere on Earth (UTC-12) */
  zoneName: string;
}

/** To the second, in the zone; an unknown zone (such as a browser may send) counts as UTC. */
export function textInZone(instant: Date, zone: string): ZoneText {
  const known = isZone(zone) ? zone : "UTC";
  const text = `${clockText(instant, known, "dayOfYear")}, ${clockText(instant, known, "second")}`;
  if (known === anywhereOnEarth) {
    return { zone: known, text, abbreviation: anywhereOnEarth, zoneName: "Anywhere on Earth (UTC-12)" };
  }
  const [abbreviation, zoneName] = [nameOf(instant, known, "shortName"), nameOf(instant, known, "longName")];
  return { zone: known, text, abbreviation, zoneName };
}

/** A part of what the zone's clocks show: Thu, Nov 14, or 11:59 PM. Throws RangeError for an unknown zone. */
export function clockText(
  instant: Date,
  zone: string,
  part: "day" | "dayOfYear" | "minute" | "second",
): string {
  const timeZone = zone === anywhereOnEarth ? "Etc/GMT+12" : zone;
  // Node versions differ in the space before AM and PM.
  return formatterOf(timeZone, part)
    .format(instant)
    .replaceAll(/[\u202f\u00a0]/g, " ");
}

/** PST, GMT+1 or AoE. */
export function abbreviationOf(instant: Date, zone: string): string {
  return zone === anywhereOnEarth ? anywhereOnEarth : nameOf(instant, zone, "shortName");
}

function nameOf(instant: Date, timeZone: string, shape: "shortName" | "longName"): string {
  const parts = formatterOf(timeZone, shape).formatToParts(instant);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}
