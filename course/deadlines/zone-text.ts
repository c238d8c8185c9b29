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
  const timeZone = known === anywhereOnEarth ? "Etc/GMT+12" : known;
  const text = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
  }).format(instant);
  // Node versions differ in the space before AM and PM.
  const plain = text.replaceAll("\u202f", " ").replaceAll("\u00a0", " ");
  if (known === anywhereOnEarth) {
    return { zone: known, text: plain, abbreviation: "AoE", zoneName: "Anywhere on Earth (UTC-12)" };
  }
  const nameOf = (timeZoneName: "short" | "long") =>
    new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName })
      .formatToParts(instant)
      .find((part) => part.type === "timeZoneName")?.value ?? known;
  return { zone: known, text: plain, abbreviation: nameOf("short"), zoneName: nameOf("long") };
}
