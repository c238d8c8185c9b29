/** A collection of objects, or those of it that a selector picks, for waitUntil and watchObjects. */
export interface Watched {
  /** Such as /api/v1/namespaces/student/pods. */
  path: string;
  labelSelector?: string;
  /** Such as metadata.name=web. */
  fieldSelector?: string;
}

const paths = {
  Pod: "/api/v1",
  Service: "/api/v1",
  ConfigMap: "/api/v1",
  Secret: "/api/v1",
  Event: "/api/v1",
  PersistentVolumeClaim: "/api/v1",
  Deployment: "/apis/apps/v1",
  ReplicaSet: "/apis/apps/v1",
  StatefulSet: "/apis/apps/v1",
  DaemonSet: "/apis/apps/v1",
  Job: "/apis/batch/v1",
  CronJob: "/apis/batch/v1",
  EndpointSlice: "/apis/discovery.k8s.io/v1",
  HorizontalPodAutoscaler: "/apis/autoscaling/v2",
} as const;

export type WatchedKind = keyof typeof paths;

/** All objects of a kind in a namespace, or the ones that the selectors pick. */
export function watched(
  kind: WatchedKind,
  namespace: string,
  select: { name?: string; labels?: Record<string, string>; labelSelector?: string } = {},
): Watched {
  const labels = select.labels && labelSelector(select.labels);
  return {
    path: `${paths[kind]}/namespaces/${namespace}/${kind.toLowerCase()}s`,
    labelSelector: select.labelSelector ?? labels,
    fieldSelector: select.name === undefined ? undefined : `metadata.name=${select.name}`,
  };
}

/** Labels as the API takes them in a query. */
export const labelSelector = (labels: Record<string, string>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
