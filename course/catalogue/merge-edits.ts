import type { z } from "zod";
import { ordered } from "../fingerprint.ts";

/** A value as JSON holds it: dates as text. */
export type Json = z.core.util.JSONType;

/** In place of a field: one side no longer has the row at all. */
export const wholeRow = "*";

export interface Conflict {
  field: string;
  /** As the file had it when it was last taken. */
  base: Json;
  file: Json;
  /** As staff edited it. */
  site: Json;
}

export interface Merged {
  /** What each field is to be. */
  values: Record<string, Json>;
  /** What is remembered as the file's: the next merge's base. */
  base: Record<string, Json>;
  conflicts: Conflict[];
}

/**
 * Brings together what a file says now, what it said when it was last taken, and what staff made of it on the site,
 * field by field. Who alone changed a field decides it. Where both did, and not to the same, the site's stays and the
 * conflict is told until somebody settles it: nothing of either is overwritten. base: null when the row was never
 * taken from a file with edits in mind; then the site's is as the file left it.
 */
export function mergeEdits(
  file: Record<string, Json>,
  base: Record<string, Json> | null,
  site: Record<string, Json> | null,
): Merged {
  const merged: Merged = { values: {}, base: {}, conflicts: [] };
  for (const [field, wanted] of Object.entries(file)) {
    const there = site === null ? wanted : (site[field] ?? null);
    // A field that is new to the file has no base: nobody can have edited it.
    const before = base !== null && field in base ? (base[field] as Json) : there;
    const edited = !sameJson(there, before);
    const moved = !sameJson(wanted, before);
    const clash = edited && moved && !sameJson(wanted, there);
    merged.values[field] = edited ? there : wanted;
    merged.base[field] = clash ? before : wanted;
    if (clash) merged.conflicts.push({ field, base: before, file: wanted, site: there });
  }
  return merged;
}

export type Side = "file" | "site";

/**
 * What a field is to be, and what is remembered as the file's, once staff have chosen a side: from then on the file is
 * known to say what it says, so that the next merge raises nothing.
 */
export function settleField(
  { base, site }: { base: Record<string, Json>; site: Record<string, Json> },
  { field, file }: Pick<Conflict, "field" | "file">,
  side: Side,
): { base: Record<string, Json>; site: Record<string, Json> } {
  return {
    base: { ...base, [field]: file },
    site: side === "file" ? { ...site, [field]: file } : site,
  };
}

/** Whether a file says another thing of a row than it said. */
export const hasMoved = (file: Record<string, Json>, base: Record<string, Json>): boolean =>
  Object.entries(file).some(([field, value]) => field in base && !sameJson(value, base[field] as Json));

/** Whatever the order of keys: Postgres keeps an object's in one of its own. */
export const sameJson = (a: Json, b: Json): boolean => ordered(a) === ordered(b);
