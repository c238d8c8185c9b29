import { z } from "zod";
import { checkCatalogue } from "../machine/checks/catalogue.ts";
import { checkSpec, exerciseSpec } from "./spec/spec.ts";

const kinds = [...checkCatalogue.values()];

const checkOfKind = (definition: (typeof kinds)[number]) =>
  z
    .strictObject({
      ...checkSpec.shape,
      kind: z.literal(definition.kind).describe(definition.summary),
      timeoutSeconds: checkSpec.shape.timeoutSeconds
        .default(definition.defaultTimeoutSeconds)
        .describe("Seconds the check may take."),
      with: definition.settings.prefault({}).describe("Settings of this kind of check."),
    })
    .describe(definition.summary);

const [first, ...others] = kinds.map(checkOfKind);
if (first === undefined) throw new Error("There is no kind of check.");

/** Of keys that exercises had before there were facilities. */
const moved = z.never({
  error:
    "stands under facilities now: write facilities: { kubernetes: { nodes: 1 } }, or nothing for Docker alone",
});

/** exercise.yaml as an author writes it: each check's settings by its kind, time limits by default. */
export const exerciseFile = z.strictObject({
  ...exerciseSpec.shape,
  profile: moved.optional(),
  kubernetes: moved.optional(),
  checks: z
    .array(
      z.discriminatedUnion("kind", [first, ...others], {
        error: (issue) =>
          issue.code === "invalid_union"
            ? `kind must be one of ${kinds.map((k) => k.kind).join(", ")}`
            : undefined,
      }),
    )
    .min(1)
    .max(200),
});

/** The JSON Schema by which editors complete exercise.yaml (draft 2020-12). */
export function exerciseJsonSchema(): Record<string, unknown> {
  return {
    title: "Drydock exercise",
    ...z.toJSONSchema(exerciseFile, { io: "input" }),
  };
}

const expectation = z.strictObject({
  score: z.number().min(0).describe("Points it must score, to the hundredth."),
  state: z.literal("graded").optional(),
  checks: z
    .record(z.string(), z.enum(["passed", "failed", "not_graded"]))
    .optional()
    .describe("Verdicts by check id; those left out may be any."),
});
export type SolutionExpectation = z.output<typeof expectation>;

/** expect.yaml beside a reference solution: what it differs from, and what grading it must end with. */
export const expectFile = z
  .strictObject({
    base: z
      .string()
      .min(1)
      .optional()
      .describe("Another solution; files/ holds only what differs from what that one hands in."),
    without: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Files of the base that this solution does not hand in."),
    ...expectation.shape,
  })
  .refine(({ base, without }) => without === undefined || base !== undefined, {
    path: ["without"],
    error: "leaves files out of a base, and there is none; name a base, or remove without",
  });
