import { z } from "zod";
import { namespaceSetting, objectName } from "../kit/settings/kubernetes-settings.ts";
import { oneWorkload, workloadFields, workloadOf } from "../kit/settings/workload-settings.ts";

/** Questions whose answers are facts of the live cluster, or stated by the author. */

const kindName = z
  .string()
  .regex(/^[A-Z][A-Za-z]+$/)
  .describe("Kind of object, such as Service.");

const pods = z
  .strictObject({ ...workloadFields, namespace: namespaceSetting })
  .refine((fields) => workloadOf(fields) !== null, oneWorkload)
  .describe("Whose pods are asked about.");
export type AskedPods = z.output<typeof pods>;

const question = {
  id: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,39}$/, "a short name in lower case, such as pod-owner")
    .describe("Key in the student's file."),
  ask: z.string().min(1).max(500).describe("The question as the student reads it."),
  hint: z
    .string()
    .max(500)
    .optional()
    .describe("Where to look, told with a wrong answer; not the answer. A command such as kubectl get rs."),
};

const scalar = z.union([z.string().min(1), z.number(), z.boolean()]);

export const questionSettings = z.discriminatedUnion("fact", [
  z.strictObject({
    ...question,
    fact: z.literal("field").describe("A field of an object, found by JSONPath."),
    kind: kindName,
    name: objectName.optional().describe("The object's name; every object of the kind when left out."),
    namespace: namespaceSetting,
    path: z
      .string()
      .min(1)
      .max(200)
      .refine((path) => !/[?(]/.test(path), "a path with no filters and no scripts")
      .describe(
        "JSONPath such as $.spec.clusterIP; several found values are a list. Nothing found is “none”.",
      ),
    as: z
      .enum(["text", "number", "boolean", "kind", "quantity"])
      .optional()
      .describe("How the answer is compared; by the value's own type when left out."),
  }),
  z.strictObject({
    ...question,
    fact: z.literal("count").describe("How many objects of a kind there are."),
    kind: kindName,
    namespace: namespaceSetting,
    labels: z.record(z.string(), z.string()).optional().describe("Only those with these labels."),
  }),
  z.strictObject({
    ...question,
    fact: z.literal("owner").describe("What made the pods, as their ownerReferences say."),
    of: pods,
    level: z
      .number()
      .int()
      .min(1)
      .max(3)
      .default(1)
      .describe("1 for the pods' owner, 2 for the owner's owner."),
    tell: z.enum(["kind", "name"]).default("kind").describe("What of the owner is asked."),
  }),
  z.strictObject({
    ...question,
    fact: z.literal("node").describe("The node, or the list of nodes, that the pods run on."),
    of: pods,
  }),
  z.strictObject({
    ...question,
    fact: z.literal("restarts").describe("How often containers of the pods were restarted, all together."),
    of: pods,
  }),
  z.strictObject({ ...question, fact: z.literal("qos").describe("QoS class of the pods."), of: pods }),
  z.strictObject({
    ...question,
    fact: z.literal("image").describe("The image of a container, or its digest."),
    of: pods,
    container: z.string().optional().describe("The container; the pods' first when left out."),
    tell: z.enum(["name", "digest"]).default("name"),
  }),
  z.strictObject({
    ...question,
    fact: z
      .literal("pending")
      .describe("Why the pods are Pending: the scheduler's words must be in the answer."),
    of: pods,
  }),
  z.strictObject({
    ...question,
    fact: z.literal("endpoints").describe("How many ready addresses a Service sends to."),
    service: objectName,
    namespace: namespaceSetting,
  }),
  z.strictObject({
    ...question,
    fact: z.literal("choice").describe("One of several stated answers."),
    options: z
      .record(z.string().min(1).max(20), z.string())
      .describe("By the letter or word that is answered."),
    is: z.string().describe("The right one's letter or word."),
  }),
  z.strictObject({
    ...question,
    fact: z.literal("stated").describe("An answer that the exercise states."),
    is: z.union([scalar, z.array(scalar).min(1)]).describe("The answer; a list must be answered whole."),
    accept: z.array(scalar).default([]).describe("Other spellings that are right."),
    as: z
      .enum(["text", "number", "boolean", "kind", "quantity", "phrase"])
      .optional()
      .describe("How it is compared: phrase must be somewhere in the answer. By its type when left out."),
  }),
]);
export type Question = z.output<typeof questionSettings>;

export const questionList = z
  .array(questionSettings)
  .min(1)
  .max(50)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "two questions have the same id")
  .refine(
    (all) => all.every((each) => each.fact !== "choice" || Object.hasOwn(each.options, each.is)),
    "the right answer of a choice is none of its options",
  );
