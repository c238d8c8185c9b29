import type { V1CronJob, V1Job } from "@kubernetes/client-node";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { withoutTrailing } from "../../kit/words/without-trailing.ts";
import { apiRefusal } from "../kit/api/api-error.ts";
import { createClients, type KubernetesClients } from "../kit/api/clients.ts";
import { missingObject } from "../kit/api/missing-object.ts";
import { awaitJob, type JobOutcome } from "../kit/await-job.ts";
import { fieldPart, judgeJobLog } from "../kit/judge-job-log.ts";
import { explainRefusal } from "../kit/manifests/explain-refusal.ts";
import { showConcerned } from "../kit/shown/show-concerned.ts";
import { isSameSchedule } from "./cron-schedule.ts";
import { kubernetesCronjob, type Settings } from "./settings.ts";

const cleanUpMs = 10_000;

export const runCronJob = defineCheck(kubernetesCronjob, async (context, settings) => {
  const { admin, namespaces } = context.kubernetes();
  const namespace = settings.namespace ?? namespaces[0];
  const what = `CronJob ${settings.cronJob}`;
  const clients = createClients(admin, context.signal);
  const missing = await missingObject(clients, "CronJob", namespace, settings.cronJob);
  if (missing) return { verdict: "failed", message: { expected: `${what} is there.`, ...missing } };
  const cronJob = await clients.batch.readNamespacedCronJob({ name: settings.cronJob, namespace });
  const parts: Part[] = [
    ...judgeFields(what, cronJob, settings),
    ...(await judgeRun(context, clients, cronJob, namespace, settings)),
  ];
  return judgeParts(
    parts,
    settings.partial,
    context.maxPoints,
    `${what} is as asked, and a run of it, started at once, was complete.`,
  );
});

function judgeFields(what: string, { spec }: V1CronJob, wanted: Settings): Part[] {
  const { schedule = "" } = spec ?? {};
  const asked = wanted.schedule;
  const parts: (Part | null)[] = [
    asked === undefined
      ? null
      : {
          expected: `${what} has a schedule that means “${asked}”`,
          problem: isSameSchedule(schedule, asked)
            ? null
            : {
                happened: `Its schedule is “${schedule}”, which runs at other times.`,
                fix: `Write schedule: "${asked}"; the fields are minute, hour, day of month, month and day of week.`,
              },
        },
    {
      expected: `${what} is not suspended`,
      problem: spec?.suspend
        ? { happened: `${what} has spec.suspend: true, so it never runs.`, fix: "Remove spec.suspend." }
        : null,
    },
    fieldPart(what, "spec.timeZone", wanted.timeZone, spec?.timeZone),
    fieldPart(what, "spec.concurrencyPolicy", wanted.concurrencyPolicy, spec?.concurrencyPolicy),
    fieldPart(
      what,
      "spec.successfulJobsHistoryLimit",
      wanted.successfulJobsHistoryLimit,
      spec?.successfulJobsHistoryLimit,
    ),
    fieldPart(
      what,
      "spec.failedJobsHistoryLimit",
      wanted.failedJobsHistoryLimit,
      spec?.failedJobsHistoryLimit,
    ),
  ];
  return parts.filter((part) => part !== null);
}

/** Starts a run as kubectl create job --from does, waits for it and puts it away. */
async function judgeRun(
  context: CheckContext,
  clients: KubernetesClients,
  cronJob: V1CronJob,
  namespace: string,
  { seconds, log }: Settings,
): Promise<Part[]> {
  const what = `CronJob ${cronJob.metadata?.name}`;
  const expected = `A run of ${what} is complete within ${seconds} s`;
  const body = jobOf(
    cronJob,
    withoutTrailing(`${cronJob.metadata?.name}-${context.checkId}`.slice(0, 60), "-"),
  );
  const name = body.metadata?.name ?? "";
  const judgeOutcome = async (outcome: JobOutcome): Promise<Part[]> => {
    if (outcome.outcome === "failed") return [{ expected, problem: outcome }];
    const part = { expected, problem: null };
    return log ? [part, await judgeJobLog(clients, `A run of ${what}`, outcome.pods, log)] : [part];
  };
  try {
    await clients.batch.createNamespacedJob({ namespace, body });
  } catch (error) {
    const refusal = apiRefusal(error);
    if (refusal === null || refusal.code >= 500) throw error;
    const { namespaces } = context.kubernetes();
    const object = { what: `A Job of ${what}`, kind: "Job", namespaced: true, namespaces };
    return [{ expected, problem: explainRefusal(object, refusal) }];
  }
  try {
    const parts = await judgeOutcome(await awaitJob(context, namespace, name, seconds));
    // Its pods go with it.
    const concerned = { namespace, named: [{ kind: "Job" as const, name }] };
    if (parts.some(({ problem }) => problem !== null)) await showConcerned(context, concerned, 2);
    return parts;
  } finally {
    // Also after the check's own time is over.
    const { batch } = createClients(clients.config, AbortSignal.timeout(cleanUpMs));
    await batch.deleteNamespacedJob({ name, namespace, propagationPolicy: "Background" });
  }
}

function jobOf({ metadata, spec }: V1CronJob, name: string): V1Job {
  const template = spec?.jobTemplate;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      labels: template?.metadata?.labels,
      annotations: { ...template?.metadata?.annotations, "cronjob.kubernetes.io/instantiate": "manual" },
      ownerReferences: [
        {
          apiVersion: "batch/v1",
          kind: "CronJob",
          name: metadata?.name ?? "",
          uid: metadata?.uid ?? "",
          controller: true,
        },
      ],
    },
    spec: template?.spec,
  };
}
