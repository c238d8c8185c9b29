import type { V1Container, V1Pod, V1Probe } from "@kubernetes/client-node";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import type { Trouble } from "../api/trouble.ts";
import { commandInWords } from "./command-in-words.ts";
import { containersOf, explainConfig, explainContainer } from "./explain-container.ts";
import type { PodFacts } from "./pod-facts.ts";
import { explainUnschedulable } from "./unschedulable.ts";

/** Why a pod is not ready, from what the cluster says about it; null when it is ready, has done its work, or nothing is known. */
export function explainPod(facts: PodFacts): Trouble | null {
  const { pod } = facts;
  const name = pod.metadata?.name ?? "";
  if (isReady(pod) || pod.status?.phase === "Succeeded") return null;
  // Kubernetes' own, such as batch.kubernetes.io/job-tracking, are taken off by its controllers.
  const finalizers = (pod.metadata?.finalizers ?? []).filter((each) => !/kubernetes\.io\//.test(each));
  if (pod.metadata?.deletionTimestamp)
    return finalizers.length === 0
      ? null
      : {
          cause: "finalizer",
          happened: `Pod ${name} is to be deleted, but its finalizer ${finalizers.join(", ")} keeps it: nothing here takes that off.`,
          fix: "Remove metadata.finalizers from the pod's template.",
        };
  return (
    explainPlace(pod, name) ??
    containersOf(facts)
      .map(explainContainer)
      .find((trouble) => trouble !== null) ??
    explainMount(facts, name) ??
    explainFailure(pod, name) ??
    explainInit(facts, name) ??
    explainReadiness(facts, name)
  );
}

export const isReady = (pod: V1Pod) =>
  pod.metadata?.deletionTimestamp === undefined && conditionOf(pod, "Ready")?.status === "True";

const conditionOf = (pod: V1Pod, type: string) =>
  pod.status?.conditions?.find((condition) => condition.type === type);

function explainPlace(pod: V1Pod, name: string): Trouble | null {
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status !== "False") return null;
  if (scheduled.reason === "SchedulingGated")
    return {
      cause: "unschedulable",
      happened: `Pod ${name} has schedulingGates, and nothing here opens them.`,
      fix: "Remove schedulingGates from the pod's template.",
    };
  return explainUnschedulable(name, scheduled.message ?? scheduled.reason ?? "");
}

function explainMount({ pod, events }: PodFacts, name: string): Trouble | null {
  if (pod.status?.phase !== "Pending") return null;
  const failed = events.findLast((event) =>
    /^Failed(Mount|AttachVolume|MapVolume)$/.test(event.reason ?? ""),
  );
  if (!failed) return null;
  const words = failed.message ?? "";
  if (/(configmap|secret)|config key/i.test(words)) return explainConfig(`Pod ${name}`, words);
  return {
    cause: "volume",
    happened: `Pod ${name} waits for a volume: the kubelet says ${quoteOutput(words)}.`,
    fix: "Correct the volume that these words name in the pod's template.",
  };
}

function explainFailure(pod: V1Pod, name: string): Trouble | null {
  if (pod.status?.phase !== "Failed") return null;
  const { reason = "", message = "" } = pod.status;
  return {
    cause: "crash",
    happened: `Pod ${name} failed${reason ? ` (${reason})` : ""}: the cluster says ${quoteOutput(message)}.`,
    fix:
      reason === "Evicted"
        ? "State resources.requests and limits that fit what the pod uses, and write less to its disk."
        : "Correct what these words name in the pod's template.",
  };
}

/** The containers start one after the other's end as long as they are init containers. */
function explainInit(facts: PodFacts, name: string): Trouble | null {
  const running = containersOf(facts).find(
    ({ spec, status }) =>
      facts.pod.spec?.initContainers?.some((each) => each.name === spec.name) &&
      spec.restartPolicy !== "Always" &&
      status.state?.running,
  );
  if (!running) return null;
  return {
    cause: "waiting",
    happened: `Init container ${running.spec.name} of pod ${name} has not ended yet, and the containers after it start only then.`,
    fix: "Let the init container end by itself with exit status 0, once what it waits for is there.",
  };
}

function explainReadiness(facts: PodFacts, name: string): Trouble | null {
  for (const { spec, status } of containersOf(facts)) {
    if (status.ready || !status.state?.running) continue;
    const kind = spec.startupProbe && status.started === false ? "startup" : "readiness";
    const probe = kind === "startup" ? spec.startupProbe : spec.readinessProbe;
    if (!probe) continue;
    const failed = facts.events.findLast(
      (event) =>
        (event.involvedObject.fieldPath ?? "").includes(`{${spec.name}}`) &&
        new RegExp(`^${kind} probe (failed|errored)`, "i").test(event.message ?? ""),
    );
    return {
      cause: "probe",
      happened: `Container ${spec.name} of pod ${name} runs, but its ${kind} probe (${probeInWords(probe, spec)}) ${failed ? `fails: the kubelet says ${quoteOutput(failed.message ?? "")}` : "has not passed yet"}.`,
      fix: probe.exec
        ? `Let “${commandInWords(probe.exec.command ?? [])}” end with exit status 0 in the container once its program can work, or correct ${kind}Probe to a command that does.`
        : `Let the program answer ${probeInWords(probe, spec)}, or correct ${kind}Probe to what it answers.`,
    };
  }
  return null;
}

/** Such as “GET /healthz on port 8080 with a status from 200 to 399”. */
function probeInWords(probe: V1Probe, container: V1Container): string {
  const port = (named: unknown) => {
    const number = container.ports?.find((each) => each.name === named)?.containerPort;
    return number === undefined ? `port ${String(named)}` : `port ${number} (${String(named)})`;
  };
  if (probe.httpGet)
    return `GET ${probe.httpGet.path ?? "/"} on ${port(probe.httpGet.port)} with a status from 200 to 399`;
  if (probe.tcpSocket) return `connections to ${port(probe.tcpSocket.port)}`;
  if (probe.grpc) return `gRPC health requests on port ${probe.grpc.port}`;
  return `“${commandInWords(probe.exec?.command ?? [])}” with exit status 0`;
}
