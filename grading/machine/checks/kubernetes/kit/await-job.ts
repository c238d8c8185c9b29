import type { V1Job, V1JobCondition, V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../kit/define-check.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import { createClients } from "./api/clients.ts";
import { waitUntil } from "./api/wait-until.ts";
import { watched } from "./api/watched.ts";
import { eventsOf, explainPods } from "./pods/explain-pods.ts";
import { podsOf } from "./pods/explain-workload.ts";
import { explainAdmission } from "./pods/refused-creation.ts";

export type JobOutcome =
  | { outcome: "complete"; job: V1Job; pods: V1Pod[] }
  | { outcome: "failed"; happened: string; fix: string };

/** Waits until a Job is complete; says why when it fails or takes longer. */
export async function awaitJob(
  context: CheckContext,
  namespace: string,
  name: string,
  seconds: number,
): Promise<JobOutcome> {
  const { admin } = context.kubernetes();
  const clients = createClients(admin, context.signal);
  const waited = await waitUntil<V1Job, V1JobCondition>(
    admin,
    watched("Job", namespace, { name }),
    ([job]) =>
      job?.status?.conditions?.find(({ type, status }) => status === "True" && ended.has(type ?? "")),
    { seconds, signal: context.signal },
  );
  const [job] = waited.objects;
  const pods = await podsOf(clients, namespace, job?.spec?.selector ?? { matchLabels: { "job-name": name } });
  if (job && waited.outcome === "reached" && waited.found.type === "Complete")
    return { outcome: "complete", job, pods };
  const said =
    waited.outcome === "reached" ? failureInWords(name, waited.found) : lateInWords(job, name, seconds);
  const trouble =
    (await explainPods(context, namespace, pods)) ?? (await refusedPods(context, namespace, name, job));
  return {
    outcome: "failed",
    happened: `${said.happened}${trouble ? ` ${trouble.happened}` : ""}`,
    fix: trouble?.fix ?? said.fix,
  };
}

/** FailureTarget comes as soon as it is decided, Failed only when the last pod has ended. */
const ended = new Set(["Complete", "FailureTarget", "Failed"]);

function failureInWords(name: string, { reason = "", message = "" }: V1JobCondition) {
  const why =
    reason === "BackoffLimitExceeded"
      ? "its pods failed more often than backoffLimit allows"
      : reason === "DeadlineExceeded"
        ? "it was still running at activeDeadlineSeconds"
        : quoteOutput(message);
  return {
    happened: `Job ${name} failed (${reason}): ${why}.`,
    fix:
      reason === "DeadlineExceeded"
        ? "Let it end sooner, or raise activeDeadlineSeconds."
        : "Make its program end with exit status 0.",
  };
}

function lateInWords(job: V1Job | undefined, name: string, seconds: number) {
  if (job?.spec?.suspend)
    return { happened: `Job ${name} is suspended (spec.suspend).`, fix: "Remove spec.suspend." };
  const wanted = job?.spec?.completions ?? 1;
  return {
    happened: `Job ${name} was not complete after ${seconds} s: ${job?.status?.succeeded ?? 0} of ${wanted} completions, ${job?.status?.active ?? 0} pods running, ${job?.status?.failed ?? 0} failed.`,
    fix: "Let its program end by itself, and sooner; a server never does.",
  };
}

/** Pods that the API server did not take from the Job's controller. */
async function refusedPods(context: CheckContext, namespace: string, name: string, job: V1Job | undefined) {
  const clients = createClients(context.kubernetes().admin, context.signal);
  const refused = (await eventsOf(clients, namespace)).findLast(
    (event) => event.involvedObject.uid === job?.metadata?.uid && event.reason === "FailedCreate",
  );
  if (!refused?.message) return null;
  return (
    explainAdmission(`Pods of Job ${name}`, refused.message) ?? {
      happened: `Pods of Job ${name} are not taken: the API server said ${quoteOutput(refused.message)}.`,
      fix: "Correct what these words name in the pod's template.",
    }
  );
}
