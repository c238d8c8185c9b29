import { anywhereOnEarth } from "#course/deadlines/zones.ts";
import type { Zones } from "../../time/zoned-time.tsx";

/** Every zone once; those that are likely come first. */
export function usualFirst(zones: Zones): string[] {
  return [
    ...new Set([anywhereOnEarth, zones.course, zones.reader, "UTC", ...Intl.supportedValuesOf("timeZone")]),
  ];
}
