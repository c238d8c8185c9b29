import { dateKeys } from "#course/catalogue/course-spec.ts";
import { type Json, sameJson } from "#course/catalogue/merge-edits.ts";
import {
  type DateField,
  type Disorder,
  dateNames,
  disorderOf,
} from "#course/deadlines/dates/dates-in-order.ts";
import { sayEnd, sayInstant, zoneOfEnd } from "#course/deadlines/say-instant.ts";
import { datesOfFields } from "#infra/db/course/edits/edited-tables.ts";
import type { CourseFiles } from "./read-course.ts";
import { report, type Writing } from "./writing.ts";

interface MergedDates {
  spec: CourseFiles["spec"]["assignments"][number];
  /** From 1. */
  position: number;
  values: Record<string, Json>;
}

/** Reports that what a file says cannot stand beside what staff set on the site, and says whether it did. */
export function reportDisorder(writing: Writing, { spec, position, values }: MergedDates): boolean {
  const dates = datesOfFields(values);
  const disorder = disorderOf(dates);
  if (disorder === null) return false;
  const ofSite = (field: DateField) => !sameJson(values[field] ?? null, spec[field]?.toISOString() ?? null);
  const { field, against } = disorder;
  const [edited, stated] = ofSite(field) ? [field, against] : [against, field];
  const zone = writing.files.spec.timeZone;
  const name = (one: DateField) => {
    const whose = ofSite(one)
      ? `the ${dateNames[one]} that staff set on the site`
      : `the file's ${dateNames[one]}`;
    const at = dates[one];
    if (at === null) return `${whose}, none`;
    return `${whose}, ${one === "releasedAt" ? sayInstant(at, zone) : sayEnd(at, zoneOfEnd(at, zone))}`;
  };
  report(
    writing,
    ["assignments", position - 1, dateKeys[stated]],
    `assignment ${spec.slug}: ${name(field)}, ${rules[disorder.field]} ${name(against)}. State another ${dateNames[stated]}, or take the file's ${dateNames[edited]} on the site's page of its deadlines`,
  );
  return true;
}

const rules: Record<Disorder["field"], string> = {
  releasedAt: "must lie before",
  availableUntil: "needs a due date that does not lie after it; there is",
};
