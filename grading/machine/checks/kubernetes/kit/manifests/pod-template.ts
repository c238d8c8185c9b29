import { z } from "zod";
import type { ManifestDocument } from "./read-manifests.ts";

/**
 * What a manifest says about pods, read leniently: a field of the wrong type counts as not stated, because the API
 * server tells about that in its own words.
 */
export interface PodTemplate {
  document: ManifestDocument;
  /** The pods' labels. */
  labels: Record<string, string>;
  containers: TemplateContainer[];
  initContainers: TemplateContainer[];
  securityContext: SecurityContext | undefined;
  /** As stated; null when it is not, or the kind has none. */
  replicas: number | null;
  selector: TemplateSelector | null;
}

export type TemplateContainer = z.output<typeof container>;
type SecurityContext = z.output<typeof securityContext>;
type TemplateSelector = z.output<typeof selector>;

const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const labels = z.record(z.string(), z.string());
const quantities = z.record(z.string(), z.union([z.string(), z.number()]));

const securityContext = z.object({
  privileged: lenient(z.boolean()),
  runAsNonRoot: lenient(z.boolean()),
  runAsUser: lenient(z.number()),
  allowPrivilegeEscalation: lenient(z.boolean()),
});

const port = z.object({
  containerPort: lenient(z.number()),
  name: lenient(z.string()),
  protocol: lenient(z.string()),
});

const container = z.object({
  name: z.string().catch(""),
  image: lenient(z.string()),
  restartPolicy: lenient(z.string()),
  ports: lenient(z.array(port)),
  resources: lenient(z.object({ requests: lenient(quantities), limits: lenient(quantities) })),
  readinessProbe: lenient(z.looseObject({})),
  livenessProbe: lenient(z.looseObject({})),
  startupProbe: lenient(z.looseObject({})),
  securityContext: lenient(securityContext),
});

const selector = z.object({
  matchLabels: lenient(labels),
  matchExpressions: lenient(
    z.array(z.object({ key: z.string(), operator: z.string(), values: lenient(z.array(z.string())) })),
  ),
});

const podSpec = z.object({
  containers: z.array(container).catch([]),
  initContainers: z.array(container).catch([]),
  securityContext: lenient(securityContext),
});

const podObject = z.object({
  metadata: lenient(z.object({ labels: lenient(labels) })),
  spec: podSpec.catch({ containers: [], initContainers: [], securityContext: undefined }),
});

const workload = z.object({
  spec: z.object({
    replicas: lenient(z.number()),
    selector: lenient(selector),
    template: podObject,
  }),
});

const workloadKinds = new Set(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"]);
const cronJob = z.object({ spec: z.object({ jobTemplate: workload }) });

/** The pods that an object of a manifest asks for; null when it is of a kind that makes none. */
export function podTemplateOf(document: ManifestDocument): PodTemplate | null {
  const { object } = document;
  if (object.kind === "Pod") {
    const parsed = podObject.safeParse(object);
    return parsed.success ? templateOf(document, parsed.data, null, null) : null;
  }
  const owner =
    object.kind === "CronJob"
      ? cronJob.safeParse(object).data?.spec.jobTemplate
      : workloadKinds.has(object.kind)
        ? workload.safeParse(object).data
        : undefined;
  if (!owner) return null;
  const { template, replicas, selector } = owner.spec;
  const own = object.kind === "Job" || object.kind === "CronJob" ? null : (selector ?? null);
  return templateOf(document, template, replicas ?? null, own);
}

function templateOf(
  document: ManifestDocument,
  pod: z.output<typeof podObject>,
  replicas: number | null,
  own: TemplateSelector | null,
): PodTemplate {
  const { containers, initContainers, securityContext } = pod.spec;
  return {
    document,
    labels: pod.metadata?.labels ?? {},
    containers,
    initContainers,
    securityContext,
    replicas,
    selector: own,
  };
}
