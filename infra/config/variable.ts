import { z } from "zod";

/** One variable: its rule in words for the error, and an example. Set to nothing counts as not set. */
export function variable<T extends z.ZodType>(schema: T, rule: string, example: string) {
  return z.preprocess((value) => (value === "" ? undefined : value), schema).meta({ rule, example });
}

export function whole(min: number, max: number, fallback: number) {
  const schema = z.coerce.number().int().min(min).max(max).default(fallback);
  return variable(schema, `a whole number from ${min} to ${max}`, String(fallback));
}

export function processors(fallback: number) {
  const schema = z.coerce.number().min(0.5).max(64).default(fallback);
  return variable(schema, "a number of processors from 0.5 to 64", String(fallback));
}

export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  fallback: Words[number],
) {
  const schema = z.enum(words).default(fallback as never);
  return variable(schema, `one of ${words.join(", ")}`, fallback);
}

/** Separated by commas or spaces. */
export function listOf(pattern: RegExp, rule: string, example: string) {
  const schema = z
    .string()
    .default("")
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ""))
    .refine((parts) => parts.every((part) => pattern.test(part)));
  return variable(schema, rule, example);
}

/** What is wrong with a configuration: one line a variable. The value itself stays out: it may hold a password. */
export function ruleLines(
  shape: Record<string, z.ZodType>,
  names: Iterable<string>,
  must = "must be",
): string {
  const lines = [...names].map((name) => {
    const { rule, example } = shape[name]?.meta() ?? {};
    return `${name} ${must} ${rule}. Example: ${name}=${example}`;
  });
  return `The configuration is wrong.\n${lines.join("\n")}`;
}

/** What must be set although it need not be in itself: by name, and after which words its rule stands. */
export class MissingVariables extends Error {
  override readonly name = "MissingVariables";
  constructor(
    readonly names: readonly string[],
    readonly must: string,
  ) {
    super(names.join(", "));
  }
}
