import type { z } from "zod";
import { schemaAt } from "./schema-at.ts";
import { settingsWords, wanted } from "./wanted.ts";

/** A mistake at the keys that lead to it; the message reads on after them. */
export interface Said {
  keys: (string | number)[];
  message: string;
}

/** To parse with, so that what a schema has no words of its own for comes to sayIssue without any. */
export const wordless = { error: () => "", reportInput: true } as const;

/** An issue of `value`, parsed as wordless, in words that an author of YAML knows: the value, the rule and the fix. */
export function sayIssue(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  value: unknown,
  before: (string | number)[] = [],
): Said[] {
  const keys = [...before, ...issue.path.filter((key) => typeof key !== "symbol")];
  const said = (message: string): Said[] => [{ keys, message }];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      keys: [...keys, key],
      message: issue.message || "is not a setting here; remove it or correct its name",
    }));
  if (issue.code === "invalid_union" && issue.message === "") {
    const [meant] = issue.errors
      .filter((errors) => errors.every(isInside))
      .sort((a, b) => foreign(a) - foreign(b));
    if (meant !== undefined) return meant.flatMap((inner) => sayIssue(inner, schema, value, keys));
  }
  if (issue.code === "invalid_key" && issue.message === "") {
    const rule = issue.issues.map(({ message }) => message).find((message) => message !== "");
    return said(`the name ${quoted(keys.at(-1))} must be ${rule ?? "another"}`);
  }
  const { input } = issue;
  if (issue.message !== "") return said(withSubject(issue.message, input));
  if (issue.code === "invalid_format" && issue.format === "starts_with")
    return said(`must begin with ${(issue as { prefix?: string }).prefix}, and is ${quoted(input)}`);
  const expected = schemaAt(schema, keys, value);
  const want = expected === null ? "another value" : wanted(expected);
  if (input === null && keys.length === 0) return said("is empty; write what it must hold");
  if (input === undefined) return said(`is missing; write ${want}`);
  if (input === null) return said(`is empty; write ${want === settingsWords ? `${keys.at(-1)}: {}` : want}`);
  return said(`must be ${want}, and ${has(input, issue)}`);
}

/** Whether the issue is about something in a value of the right kind. */
const isInside = (issue: z.core.$ZodIssue) => issue.path.length > 0 || issue.code === "unrecognized_keys";

/** How far a form is from what the author wrote: by names that it does not have. */
const foreign = (errors: z.core.$ZodIssue[]) =>
  errors.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 0), 0);

/** Schemas say of a text what it must be, such as "a relative path", or a whole sentence that begins with "this". */
function withSubject(rule: string, input: unknown): string {
  if (typeof input !== "string" || /^(this|is|must) /.test(rule)) return rule;
  const must = rule.startsWith("not ") ? rule.replace("not ", "must not be ") : `must be ${rule}`;
  return `${must}, and is ${quoted(input)}`;
}

function has(input: unknown, { code }: z.core.$ZodIssue): string {
  const isSize = code === "too_big" || code === "too_small";
  if (isSize && Array.isArray(input)) return `has ${input.length}`;
  if (isSize && typeof input === "string" && input.length > 0) return `has ${input.length}`;
  return `is ${quoted(input)}`;
}

/** A value of YAML in a few words. */
export function quoted(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? settingsWords : String(value);
}
