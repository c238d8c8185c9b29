import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";

/** What the cluster says about one pod. */
export interface PodFacts {
  pod: V1Pod;
  /** Of this pod, oldest first. */
  events: CoreV1Event[];
  /** Last output of its containers that ended, by container. */
  logs: ReadonlyMap<string, string>;
  /** Names of the images that pods can start from. */
  images: string[];
}
