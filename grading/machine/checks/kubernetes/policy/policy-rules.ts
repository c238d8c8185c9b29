import { type Finding, findDeadServices, findSelfMismatch } from "../kit/manifests/judge-manifests.ts";
import { whatIs } from "../kit/manifests/place-object.ts";
import type { PodTemplate, TemplateContainer } from "../kit/manifests/pod-template.ts";
import type { ManifestDocument } from "../kit/manifests/read-manifests.ts";
import { plainImageName } from "../kit/pods/image-names.ts";
import type { PolicyRuleName } from "./settings.ts";

export interface PolicySubject {
  documents: ManifestDocument[];
  templates: PodTemplate[];
  namespace: string;
  /** For the rule replicas. */
  minReplicas: number;
}

interface PolicyRule {
  /** A sentence without its full stop. */
  expected(subject: PolicySubject): string;
  find(subject: PolicySubject): Finding[];
}

/** Kinds whose pods stay, and so are asked whether they are ready and alive. */
const lasting = new Set(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"]);

/** Rules of kubernetes/policy, by the name that an exercise gives in `rules`. */
export const policyRules = {
  requests: {
    expected: () => "Every container states resources.requests for cpu and memory",
    find: ({ templates }) => eachContainer(templates, (container) => missingResources(container, "requests")),
  },
  limits: {
    expected: () => "Every container states resources.limits for memory",
    find: ({ templates }) => eachContainer(templates, (container) => missingResources(container, "limits")),
  },
  "readiness-probe": {
    expected: () => "Every container that goes on running has a readinessProbe",
    find: ({ templates }) => missingProbe(templates, "readinessProbe"),
  },
  "liveness-probe": {
    expected: () => "Every container that goes on running has a livenessProbe",
    find: ({ templates }) => missingProbe(templates, "livenessProbe"),
  },
  "no-latest-tag": {
    expected: () => "Every image has a tag other than latest",
    find: ({ templates }) =>
      eachContainer(templates, ({ image = "" }) =>
        plainImageName(image).endsWith(":latest")
          ? {
              happened: `uses the image ${image || "(none)"}, which may be another one tomorrow`,
              fix: "Give every image a tag that says which version it is, such as nginx:1.29.",
            }
          : null,
      ),
  },
  "no-privileged": {
    expected: () => "No container is privileged or may gain privileges",
    find: ({ templates }) =>
      eachContainer(templates, ({ securityContext }) =>
        securityContext?.privileged || securityContext?.allowPrivilegeEscalation
          ? {
              happened: `has securityContext.${securityContext.privileged ? "privileged" : "allowPrivilegeEscalation"}: true`,
              fix: "Remove it: the program does not need the rights of the node.",
            }
          : null,
      ),
  },
  "non-root": {
    expected: () => "Every container runs as a user other than root",
    find: ({ templates }) => eachContainer(templates, rootProblem),
  },
  "labels-match": {
    expected: () => "Selectors match: each workload its own pods, each Service pods that were handed in",
    find: ({ templates, documents, namespace }) => [
      ...findSelfMismatch(templates),
      ...findDeadServices(documents, templates, namespace),
    ],
  },
  replicas: {
    expected: ({ minReplicas }) =>
      `Every Deployment and StatefulSet asks for at least ${minReplicas} replicas`,
    find: ({ templates, minReplicas }) => tooFewReplicas(templates, minReplicas),
  },
} satisfies Record<PolicyRuleName, PolicyRule>;

type Problem = { happened: string; fix: string } | null;

/** Asks about every container; happened is the end of a sentence that begins with its name. */
function eachContainer(
  templates: PodTemplate[],
  ask: (container: TemplateContainer, template: PodTemplate) => Problem,
): Finding[] {
  return templates.flatMap((template) =>
    [...template.initContainers, ...template.containers].flatMap((container) => {
      const problem = ask(container, template);
      if (!problem) return [];
      const { happened, fix } = problem;
      return [{ happened: `Container ${container.name} of ${whatIs(template.document)} ${happened}.`, fix }];
    }),
  );
}

/** Requests are for the scheduler, which weighs both; a limit on cpu only slows a program down and is not asked for. */
function missingResources({ resources }: TemplateContainer, which: "requests" | "limits"): Problem {
  const wanted = which === "requests" ? ["cpu", "memory"] : ["memory"];
  const stated = resources?.[which] ?? {};
  // A request that is left out is taken from the limit.
  const filled = which === "requests" ? { ...resources?.limits, ...stated } : stated;
  const missing = wanted.filter((name) => !(name in filled));
  if (missing.length === 0) return null;
  return {
    happened: `states no resources.${which} for ${missing.join(" and ")}`,
    fix:
      which === "requests"
        ? "Add resources: {requests: {cpu: 50m, memory: 64Mi}} with what the program needs: the scheduler reserves it."
        : "Add resources: {limits: {memory: 128Mi}} with the most that the program may take: beyond it, it is ended.",
  };
}

function missingProbe(templates: PodTemplate[], probe: "readinessProbe" | "livenessProbe"): Finding[] {
  const staying = templates.filter(({ document }) => lasting.has(document.object.kind));
  return eachContainer(staying, (container, template) =>
    container[probe] || (template.initContainers.includes(container) && container.restartPolicy !== "Always")
      ? null
      : {
          happened: `has no ${probe}`,
          fix:
            probe === "readinessProbe"
              ? "Add a readinessProbe that asks what a user would: a pod gets traffic only while it passes."
              : "Add a livenessProbe that fails only when the program must be restarted, and give it time to start.",
        },
  );
}

function rootProblem({ securityContext }: TemplateContainer, template: PodTemplate): Problem {
  const user = securityContext?.runAsUser ?? template.securityContext?.runAsUser;
  const nonRoot = securityContext?.runAsNonRoot ?? template.securityContext?.runAsNonRoot;
  if (user === 0)
    return { happened: "has runAsUser: 0, which is root", fix: "Set runAsUser to a number other than 0." };
  if (nonRoot === true || user !== undefined) return null;
  return {
    happened: "does not say that it runs as a user other than root",
    fix: "Set securityContext.runAsNonRoot: true for the pod (and runAsUser to a number, if the image's user is root or has only a name).",
  };
}

function tooFewReplicas(templates: PodTemplate[], least: number): Finding[] {
  return templates
    .filter(({ document }) => ["Deployment", "StatefulSet"].includes(document.object.kind))
    .filter(({ replicas }) => (replicas ?? 1) < least)
    .map(({ document, replicas }) => ({
      happened: `${whatIs(document)} ${replicas === null ? "states no replicas, which means 1" : `asks for ${replicas}`}.`,
      fix: `Set spec.replicas to ${least} or more.`,
    }));
}
