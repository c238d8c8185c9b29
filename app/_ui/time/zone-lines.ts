import { textInZone, type ZoneText } from "#course/deadlines/zone-text.ts";
import { anywhereOnEarth } from "#course/deadlines/zones.ts";

/** One line: Thu, Nov 14, 2024, 11:59 PM PST. Seconds only when asked for. */
export function zoneLine(at: Date, zone: string, seconds = false): string {
  const { text, abbreviation } = textInZone(at, zone);
  return `${seconds ? text : text.replace(/:\d\d (?=[AP]M$)/, " ")} ${abbreviation}`;
}

/** The texts given, each clock once: a reader who sits in the course's zone sees it once. */
export function distinctTexts(texts: readonly ZoneText[]): ZoneText[] {
  const key = ({ text, zoneName }: ZoneText) => `${text} ${zoneName}`;
  return texts.filter((text, index) => texts.findIndex((one) => key(one) === key(text)) === index);
}

/** The instant in these zones, Anywhere on Earth and UTC, a line for each clock. */
export function linesOfZones(at: Date, zones: readonly string[]): string[] {
  const texts = [...zones, anywhereOnEarth, "UTC"].map((zone) => textInZone(at, zone));
  return distinctTexts(texts).map(
    ({ text, abbreviation, zoneName }) => `${text} ${abbreviation} · ${zoneName}`,
  );
}
