import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { relativePath } from "../../kit/settings/settings.ts";
import { questionList } from "./question-settings.ts";

const settings = z
  .strictObject({
    answers: relativePath
      .default("explain.yaml")
      .describe("The student's file: YAML, or lines, with one key a question."),
    questions: questionList.optional().describe("The questions."),
    file: relativePath
      .optional()
      .describe("File below hidden/ with the list of questions in YAML, in place of questions."),
    partial: z
      .boolean()
      .default(true)
      .describe("Give each right answer its equal share of the points, instead of all or nothing."),
  })
  .refine((s) => (s.questions === undefined) !== (s.file === undefined), "say either questions or file");

export const kubernetesExplain = defineKind({
  kind: "kubernetes/explain",
  summary:
    "Questions about the live cluster, answered in a file; what is right is looked up when it is graded.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",
  uses: ({ file }) => (file === undefined ? {} : { hiddenFiles: [file] }),
});
