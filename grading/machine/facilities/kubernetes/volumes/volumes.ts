import { setTimeout as wait } from "node:timers/promises";
import {
  ApiException,
  CoreV1Api,
  type CoreV1Event,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  StorageV1Api,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import {
  folderOf,
  nodeOfReleased,
  planVolume,
  provisioner,
  selectedNode,
  storageClassName,
} from "./plan-volume.ts";

export interface VolumesSettings {
  /** Full rights. */
  admin: KubeConfig;
  /** Runs a command in a node as root; rejects unless it exits with status 0. */
  onNode(node: string, command: string[]): Promise<void>;
  /** Told of what went wrong; the loop goes on. */
  onError(error: unknown): void;
}

/** Before a watch that broke is made again. */
const rewatchMs = 500;

/**
 * The cluster's default StorageClass and what makes its volumes: a folder of the node that the scheduler selected for
 * the claim's first pod, as a PersistentVolume of type local. Removes the folder once the claim is gone.
 */
export async function startVolumes(settings: VolumesSettings): Promise<{ stop(): Promise<void> }> {
  const core = settings.admin.makeApiClient(CoreV1Api);
  await makeStorageClass(settings.admin);
  const work = oneAtATime(settings.onError);
  const claims = watchAll<V1PersistentVolumeClaim>(
    settings,
    "/api/v1/persistentvolumeclaims",
    () => core.listPersistentVolumeClaimForAllNamespaces(),
    (claim) => work.run(claim.metadata?.uid, () => provide(settings, core, claim)),
  );
  const volumes = watchAll<V1PersistentVolume>(
    settings,
    "/api/v1/persistentvolumes",
    () => core.listPersistentVolume(),
    (volume) => work.run(volume.metadata?.uid, () => reclaim(settings, core, volume)),
  );
  return {
    async stop() {
      await Promise.all([claims.stop(), volumes.stop()]);
      await work.settled();
    },
  };
}

async function makeStorageClass(admin: KubeConfig): Promise<void> {
  const metadata = {
    name: storageClassName,
    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
  };
  const body = {
    metadata,
    provisioner,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  };
  await unless(409, admin.makeApiClient(StorageV1Api).createStorageClass({ body }));
}

async function provide(
  { onNode, onError }: VolumesSettings,
  core: CoreV1Api,
  claim: V1PersistentVolumeClaim,
): Promise<void> {
  const plan = planVolume(claim);
  if (plan.outcome === "wait") return;
  if (plan.outcome === "refuse") return tell(core, claim, plan.why);
  try {
    // Any user of a container may write, as a volume from a cloud with an fsGroup would let them.
    await onNode(plan.node, ["mkdir", "-p", "-m", "0777", plan.folder]);
    await unless(409, core.createPersistentVolume({ body: plan.volume }));
  } catch (error) {
    onError(error);
    await tell(core, claim, `no volume could be made on ${plan.node}; the scheduler chooses again`);
    await forgetNode(core, claim);
  }
}

async function reclaim({ onNode }: VolumesSettings, core: CoreV1Api, volume: V1PersistentVolume) {
  const node = nodeOfReleased(volume);
  const name = volume.metadata?.name;
  if (node === null || !name) return;
  await onNode(node, ["rm", "-rf", folderOf(name)]);
  await unless(404, core.deletePersistentVolume({ name }));
}

/** Without its selected node a claim's pod is scheduled again, as the API asks of provisioners that fail. */
async function forgetNode(core: CoreV1Api, claim: V1PersistentVolumeClaim): Promise<void> {
  const { name = "", namespace = "", uid } = claim.metadata ?? {};
  const key = selectedNode.replace("/", "~1");
  const body = [
    { op: "test", path: "/metadata/uid", value: uid },
    { op: "remove", path: `/metadata/annotations/${key}` },
  ];
  await unless(404, core.patchNamespacedPersistentVolumeClaim({ name, namespace, body }));
}

/** An event of the claim, where kubectl describe and the checks look for the reason. */
async function tell(core: CoreV1Api, claim: V1PersistentVolumeClaim, message: string): Promise<void> {
  const { name = "", namespace = "", uid } = claim.metadata ?? {};
  const now = new Date();
  const body: CoreV1Event = {
    metadata: { generateName: `${name.slice(0, 200)}.`, namespace },
    involvedObject: {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      name,
      namespace,
      ...(uid ? { uid } : {}),
    },
    type: "Warning",
    reason: "ProvisioningFailed",
    message,
    source: { component: provisioner },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
  await core.createNamespacedEvent({ namespace, body });
}

/** Calls back for every object that is there, comes or changes, until stopped. */
function watchAll<T extends KubernetesObject>(
  { admin, onError }: VolumesSettings,
  path: string,
  list: () => Promise<KubernetesListObject<T>>,
  onChange: (object: T) => void,
): { stop(): Promise<void> } {
  const informer = makeInformer(admin, path, list);
  const stopped = new AbortController();
  informer.on("add", onChange);
  informer.on("update", onChange);
  informer.on("error", (error) => {
    if (stopped.signal.aborted) return;
    onError(error);
    wait(rewatchMs, undefined, { signal: stopped.signal })
      .then(
        () => informer.start(),
        () => undefined,
      )
      .catch(onError);
  });
  informer.start().catch(onError);
  return {
    stop() {
      stopped.abort();
      return informer.stop();
    },
  };
}

/** Runs one task per key at a time; of those asked for meanwhile, the last one after it. */
function oneAtATime(onError: (error: unknown) => void) {
  const next = new Map<string, () => Promise<void>>();
  const under = new Map<string, Promise<void>>();
  async function work(key: string): Promise<void> {
    for (let task = next.get(key); task; task = next.get(key)) {
      next.delete(key);
      await task().catch(onError);
    }
    under.delete(key);
  }
  return {
    run(key: string | undefined, task: () => Promise<void>): void {
      if (key === undefined) return;
      next.set(key, task);
      if (!under.has(key)) under.set(key, work(key));
    },
    settled: () => Promise.all(under.values()),
  };
}

async function unless(code: number, asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== code) throw error;
  }
}
