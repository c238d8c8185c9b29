import type { z } from "zod";

/** What lies in the database as JSON, as this version of Drydock reads it. why: for staff and the log, one line. */
export type Stored<Value> = { outcome: "read"; value: Value } | { outcome: "unreadable"; why: string };

/** One kind of stored JSON. Rows outlive the version that wrote them, so this is the only way to read or write it. */
export interface StoredKind<Value> {
  /** Never throws, whatever the row holds. */
  read(json: unknown): Stored<Value>;
  /** The same with its version, for the row. */
  write(value: Value): Value;
}

/** Makes of a row's JSON what the next version would have written. What it throws makes the row unreadable. */
export type Upcast = (json: unknown) => unknown;

/** Where the version stands in an object; what has none is of version 1, as is everything from before versions. */
const mark = "$version";
/** What is no object, such as a list, or has this key itself, stands here beside its version. */
const held = "$value";

/** Characters of why. */
const longest = 400;

/**
 * name: as people read it, such as "exercise". schema: of the newest version. upcasts: from version 1 to 2, from 2 to
 * 3 and so on; so the newest version is one more than there are. A change of the schema by which any row could become
 * unreadable takes a new upcast, and never a change of an old one.
 */
export function storedKind<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  upcasts: readonly Upcast[] = [],
): StoredKind<z.output<Schema>> {
  const newest = upcasts.length + 1;
  return {
    read(json) {
      const { version, body } = unmark(json);
      if (!Number.isInteger(version) || version < 1 || version > newest) {
        return unreadable(`The stored ${name} has the version ${version}; known are 1 to ${newest}.`);
      }
      try {
        const parsed = schema.safeParse(upcasts.slice(version - 1).reduce((old, next) => next(old), body));
        if (parsed.success) return { outcome: "read", value: parsed.data };
        const [issue] = parsed.error.issues;
        const where = issue?.path.length ? ` at ${issue.path.join(".")}` : "";
        return unreadable(`The stored ${name} does not fit${where}: ${issue?.message ?? "unknown"}`);
      } catch (error) {
        return unreadable(`The stored ${name} cannot be brought up to version ${newest}: ${error}`);
      }
    },
    // Typed as the value, so that a caller can hand it to the database.
    write: (value) => (newest === 1 ? value : (marked(value, newest) as z.output<Schema>)),
  };
}

function marked(value: unknown, version: number): object {
  const isPlain =
    typeof value === "object" && value !== null && !Array.isArray(value) && !Object.hasOwn(value, held);
  return { ...(isPlain ? value : { [held]: value }), [mark]: version };
}

function unmark(json: unknown): { version: number; body: unknown } {
  if (typeof json !== "object" || json === null || !Object.hasOwn(json, mark)) {
    return { version: 1, body: json };
  }
  const { [mark]: version, ...body } = json as Record<string, unknown>;
  const isHeld = Object.keys(body).length === 1 && Object.hasOwn(body, held);
  return { version: typeof version === "number" ? version : Number.NaN, body: isHeld ? body[held] : body };
}

const unreadable = (why: string) => ({ outcome: "unreadable" as const, why: why.slice(0, longest) });
