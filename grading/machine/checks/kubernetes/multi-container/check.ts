import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { awaitCrash } from "../kit/pods/await-crash.ts";
import { findWorkload, type Workload, waitForPods } from "../kit/pods/find-workload.ts";
import { demandWorkload } from "../kit/settings/workload-settings.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import {
  findApart,
  judgeLocalPort,
  judgeNamespace,
  judgeSharedFile,
  runningTogether,
} from "./judge-together.ts";
import { kubernetesMultiContainer, type Settings } from "./settings.ts";

export const judgeMultiContainer = defineClusterCheck(kubernetesMultiContainer, async (context, settings) => {
  const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
  const ref = demandWorkload(settings);
  const expected = `The pods of ${ref.kind} ${ref.name} run ${settings.containers.join(", ")} together within ${settings.readySeconds} s.`;
  const failed = ({ happened, fix }: { happened: string; fix: string }) =>
    ({ verdict: "failed", message: { expected, happened, fix } }) as const;
  const found = await findWorkload(context, namespace, ref);
  if (found.outcome === "missing") return failed(found.trouble);
  const { workload } = found;
  const absent = findAbsent(workload, settings.containers);
  if (absent) return failed(absent);
  const up = await waitForPods(context, workload, settings.readySeconds);
  if (up.outcome === "late") {
    // Containers that wait for each other's files over no common volume are not ready for that reason.
    const apart = findApart(workload, settings.files);
    return failed(apart ? { ...apart, happened: `${apart.happened} ${up.trouble.happened}` } : up.trouble);
  }
  const [pod] = up.pods;
  if (!pod)
    return failed({ happened: `${workload.what} has no pods.`, fix: "Set spec.replicas to 1 or more." });
  // Into containers that do not run, nobody can look.
  const crash = await awaitCrash(context, workload, settings.steadySeconds);
  if (crash) return failed(crash);
  const parts = await judge(context, workload, pod, settings);
  return judgeParts(
    parts,
    settings.partial,
    context.maxPoints,
    `In pod ${pod.metadata?.name}, ${settings.containers.join(", ")} run together as asked.`,
  );
});

function findAbsent(
  { what, template }: Workload,
  wanted: string[],
): { happened: string; fix: string } | null {
  const there = runningTogether(template).map(({ name }) => name);
  const absent = wanted.filter((name) => !there.includes(name));
  if (absent.length === 0) return null;
  const once = (template.spec?.initContainers ?? []).filter(
    ({ name, restartPolicy }) => absent.includes(name) && restartPolicy !== "Always",
  );
  return {
    happened: `The pods of ${what} have no container ${absent.join(", ")} that goes on running; they have ${there.join(", ") || "none"}.`,
    fix:
      once.length > 0
        ? `An init container ends before the others start. Set restartPolicy: Always for ${once.map(({ name }) => name).join(", ")}, or list it under containers.`
        : `Add a container named ${absent.join(", ")} to the pod's template.`,
  };
}

async function judge(
  context: CheckContext,
  workload: Workload,
  pod: V1Pod,
  { containers, init, nativeSidecars, files, network, processes, ipc }: Settings,
): Promise<Part[]> {
  const { what } = workload;
  const parts: Part[] = [
    { expected: `${containers.join(", ")} run together in the pods of ${what}`, problem: null },
  ];
  for (const name of init ?? []) parts.push(initPart(what, pod, name));
  for (const name of nativeSidecars ?? []) parts.push(nativePart(what, pod, name));
  for (const file of files) parts.push(await judgeSharedFile(context, what, pod, file));
  for (const port of network) parts.push(await judgeLocalPort(context, what, pod, port));
  if (processes) parts.push(await judgeNamespace(context, what, pod, containers, "pid"));
  if (ipc) parts.push(await judgeNamespace(context, what, pod, containers, "ipc"));
  return parts;
}

const statusesOf = ({ status }: V1Pod): V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

function initPart(what: string, pod: V1Pod, name: string): Part {
  const expected = `Init container ${name} of ${what} runs and ends before the others start`;
  const spec = pod.spec?.initContainers?.find((each) => each.name === name);
  const ended = statusesOf(pod).find((each) => each.name === name)?.state?.terminated;
  if (spec && spec.restartPolicy !== "Always" && ended?.exitCode === 0) return { expected, problem: null };
  const happened = spec
    ? `Container ${name} of ${what} is a sidecar (restartPolicy: Always), which does not end.`
    : `The pods of ${what} have no init container ${name}.`;
  const fix = spec
    ? `Remove restartPolicy from init container ${name}.`
    : `Add a container ${name} under initContainers of the pod's template.`;
  return { expected, problem: { happened, fix } };
}

function nativePart(what: string, pod: V1Pod, name: string): Part {
  const native = pod.spec?.initContainers?.some(
    (each) => each.name === name && each.restartPolicy === "Always",
  );
  return {
    expected: `Container ${name} of ${what} is a native sidecar`,
    problem: native
      ? null
      : {
          happened: `Container ${name} of ${what} is listed under containers, so it starts at the same time as the others.`,
          fix: `Move ${name} to initContainers and set its restartPolicy: Always.`,
        },
  };
}
