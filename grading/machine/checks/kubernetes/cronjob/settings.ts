import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, textMatch } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName } from "../kit/settings/kubernetes-settings.ts";
import { parseCron } from "./cron-schedule.ts";

const settings = z.strictObject({
  cronJob: objectName.max(40).describe("Name of the CronJob."),
  namespace: namespaceSetting,
  schedule: z
    .string()
    .refine((text) => parseCron(text) !== null, "five fields as cron takes them, such as */5 * * * *")
    .optional()
    .describe("When it must run; another way to write the same moments is as good."),
  timeZone: z.string().optional().describe("What spec.timeZone must be, such as America/Los_Angeles."),
  concurrencyPolicy: z
    .enum(["Allow", "Forbid", "Replace"])
    .optional()
    .describe("What spec.concurrencyPolicy must be."),
  successfulJobsHistoryLimit: z
    .number()
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe("What spec.successfulJobsHistoryLimit must be."),
  failedJobsHistoryLimit: z
    .number()
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe("What spec.failedJobsHistoryLimit must be."),
  seconds: z.number().min(1).max(600).default(60).describe("A run of it must be complete by then."),
  log: textMatch.optional().describe("What a run must write, last 1000 lines."),
  partial: partialCredit,
});
export type Settings = z.output<typeof settings>;

export const kubernetesCronjob = defineKind({
  kind: "kubernetes/cronjob",
  summary: "A CronJob has the schedule asked for, and a run of it, started at once, completes.",
  settings,
  defaultTimeoutSeconds: 120,
});
