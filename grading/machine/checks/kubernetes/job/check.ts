import type { V1Job } from "@kubernetes/client-node";
import type { z } from "zod";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import { createClients } from "../kit/api/clients.ts";
import { missingObject } from "../kit/api/missing-object.ts";
import { awaitJob } from "../kit/await-job.ts";
import { fieldPart, judgeJobLog } from "../kit/judge-job-log.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import { kubernetesJob, type settings } from "./settings.ts";

export const awaitJobs = defineClusterCheck(kubernetesJob, async (context, settings) => {
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
});

function fieldParts(what: string, { spec }: V1Job, wanted: z.output<typeof settings>): Part[] {
  return [
    fieldPart(what, "spec.completions", wanted.completions, spec?.completions),
    fieldPart(what, "spec.parallelism", wanted.parallelism, spec?.parallelism),
    fieldPart(what, "spec.backoffLimit", wanted.backoffLimit, spec?.backoffLimit),
  ].filter((part) => part !== null);
}
