import { type Json, sameJson } from "#course/catalogue/merge-edits.ts";

/** The fields that `shape` has, as JSON holds them: so that a row and a file can be compared and kept. */
export function jsonOf(row: object, shape: object): Record<string, Json> {
  const values = row as Record<string, unknown>;
  return Object.fromEntries(Object.keys(shape).map((field) => [field, toJson(values[field])]));
}

function toJson(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  return value as Json;
}

/** What is another in `after`, field by field. */
export function differences(before: Record<string, Json>, after: Record<string, Json>) {
  return Object.keys(after)
    .filter((field) => !sameJson(before[field] ?? null, after[field] as Json))
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] as Json }));
}
