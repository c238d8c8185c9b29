import { z } from "zod";
import { checkCatalogue } from "../machine/checks/catalogue.ts";
import { facilityCatalogue } from "../machine/facilities/catalogue.ts";
import { sayReplaced } from "./say-replaced.ts";
import { checkSpec, exerciseSpec } from "./spec/spec.ts";
import { quoted } from "./yaml/say-issue.ts";

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

const facilityNames = facilityCatalogue.map(({ name }) => name);
const [alwaysThere] = facilityCatalogue;

/** As the author meant those that have such a name, in what stands where a map should. */
function writeFacilities(input: unknown): string {
  const named = facilityNames.filter((name) =>
    (Array.isArray(input) ? input : [input]).some((word) => String(word).toLowerCase() === name),
  );
  const names = named.length > 0 ? named : facilityNames.slice(1);
  return `facilities: { ${names.map((name) => `${name}: {}`).join(", ")} }`;
}

const facilities = z
  .strictObject(exerciseSpec.shape.facilities.unwrap().shape, {
    error: ({ code, input }) => {
      if (code === "unrecognized_keys")
        return `is not a facility; the facilities are ${facilityNames.map((name) => (name === alwaysThere?.name ? `${name} (${alwaysThere.title}, always there without being named)` : name)).join(", ")}`;
      if (code === "invalid_type")
        return `${input === null ? "is empty" : `must be settings by name, and is ${quoted(input)}`}; write ${writeFacilities(input)}, or remove it where ${alwaysThere?.title} alone will do`;
      return undefined;
    },
  })
  .default({})
  .describe(
    `What the machine can do for the exercise, by name: ${facilityNames.join(", ")}. ${alwaysThere?.name} (${alwaysThere?.title}) is always there.`,
  );

const shape = {
  ...exerciseSpec.shape,
  facilities,
  checks: z
    .array(
      z.discriminatedUnion("kind", [first, ...others], {
        error: (issue) =>
          issue.code === "invalid_union"
            ? `must be one of ${kinds.map((k) => k.kind).join(", ")}`
            : undefined,
      }),
    )
    .min(1)
    .max(200)
    .describe("In the order in which they run."),
};

/** exercise.yaml as an author writes it: each check's settings by its kind, time limits by default. */
export const exerciseFile = sayReplaced(
  z.strictObject({ ...shape, profile: z.unknown().optional(), kubernetes: z.unknown().optional() }),
);

/** The JSON Schema by which editors complete exercise.yaml (draft 2020-12). */
export function exerciseJsonSchema(): Record<string, unknown> {
  return {
    title: "Drydock exercise",
    ...z.toJSONSchema(z.strictObject(shape), { io: "input" }),
  };
}

const expectation = z.strictObject({
  score: z.number().min(0).describe("Points it must score, to the hundredth."),
  state: z.literal("graded").optional(),
  checks: z
    .record(z.string(), z.enum(["passed", "failed", "not_graded"]))
    .optional()
    .describe("Verdicts by check id; those left out may be any."),
  advice: z
    .record(
      z.string(),
      z.string().trim().min(3, "at least 3 characters that tell this advice from others").max(200),
    )
    .optional()
    .describe(
      "By id of a check that is to fail: words that must stand in what it tells the student of what happened or how to fix it.",
    ),
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
