import type { V1Job } from "@kubernetes/client-node";
import { z } from "zod";
import { defineCheck } from "../../define-check.ts";
import { awaitJob } from "../kit/await-job.ts";
import { createClients } from "../kit/api/clients.ts";
import { fieldPart, judgeJobLog } from "../kit/judge-job-log.ts";
import { namespaceSetting, objectName } from "../kit/kubernetes-settings.ts";
import { missingObject } from "../kit/api/missing-object.ts";
import { partialCredit, textMatch } from "../../kit/settings.ts";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";

const settings = z.strictObject({
  job: objectName.describe("Name of the Job."),
  namespace: namespaceSetting,
  seconds: z.number().min(1).max(600).default(60).describe("It must be complete by then."),
  completions: z.number().int().min(1).max(50).optional().describe("What spec.completions must be."),
  parallelism: z.number().int().min(1).max(50).optional().describe("What spec.parallelism must be."),
  backoffLimit: z.number().int().min(0).max(20).optional().describe("What spec.backoffLimit must be."),
  log: textMatch.optional().describe("What a pod that succeeded must write, last 1000 lines."),
  partial: partialCredit,
});

export const awaitJobs = defineCheck({
  kind: "kubernetes/job",
  summary: "A Job completes in time as often as asked, or why it fails.",
  settings,
  defaultTimeoutSeconds: 120,

  async run(context, settings) {
    const { admin, namespaces } = context.kubernetes();
    const namespace = settings.namespace ?? namespaces[0];
    const what = `Job ${settings.job}`;
    const expected = `${what} is complete within ${settings.seconds} s`;
    const clients = createClients(admin, context.signal);
    const missing = await missingObject(clients, "Job", namespace, settings.job);
    if (missing) return { verdict: "failed", message: { expected: `${expected}.`, ...missing } };
    const outcome = await awaitJob(context, namespace, settings.job, settings.seconds);
    const job =
      outcome.outcome === "complete"
        ? outcome.job
        : await clients.batch.readNamespacedJob({ name: settings.job, namespace });
    const parts: Part[] = [
      { expected, problem: outcome.outcome === "complete" ? null : outcome },
      ...fieldParts(what, job, settings),
    ];
    if (settings.log && outcome.outcome === "complete")
      parts.push(await judgeJobLog(clients, what, outcome.pods, settings.log));
    return judgeParts(
      parts,
      settings.partial,
      context.maxPoints,
      `${what} is complete: ${job.status?.succeeded ?? 0} pods ended with exit status 0.`,
    );
  },
});

function fieldParts(what: string, { spec }: V1Job, wanted: z.output<typeof settings>): Part[] {
  return [
    fieldPart(what, "spec.completions", wanted.completions, spec?.completions),
    fieldPart(what, "spec.parallelism", wanted.parallelism, spec?.parallelism),
    fieldPart(what, "spec.backoffLimit", wanted.backoffLimit, spec?.backoffLimit),
  ].filter((part) => part !== null);
}
