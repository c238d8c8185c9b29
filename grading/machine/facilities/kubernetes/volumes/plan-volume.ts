import type { V1PersistentVolume, V1PersistentVolumeClaim } from "@kubernetes/client-node";

export const storageClassName = "standard";
export const provisioner = "drydock/node-folder";
/** The scheduler's choice of a node for the first pod that uses a claim. */
export const selectedNode = "volume.kubernetes.io/selected-node";
export const provisionedBy = "pv.kubernetes.io/provisioned-by";
const volumesFolder = "/var/lib/drydock-volumes";

export type VolumePlan =
  /** Nothing to do: bound, going away, of another class, or no pod uses it yet. */
  | { outcome: "wait" }
  /** The claim asks for what a folder of a node cannot be. */
  | { outcome: "refuse"; why: string }
  | { outcome: "make"; node: string; folder: string; volume: V1PersistentVolume };

/** What to do about a claim: a folder of the node that the scheduler selected, once it has. */
export function planVolume(claim: V1PersistentVolumeClaim): VolumePlan {
  const { metadata, spec, status } = claim;
  const node = metadata?.annotations?.[selectedNode];
  const mine = spec?.storageClassName === storageClassName && !spec.volumeName;
  if (!mine || !node || !metadata?.uid || metadata.deletionTimestamp || status?.phase === "Bound")
    return { outcome: "wait" };
  const modes = spec.accessModes ?? [];
  if (modes.some((mode) => mode !== "ReadWriteOnce" && mode !== "ReadWriteOncePod"))
    return {
      outcome: "refuse",
      why: `accessModes ${modes.join(", ")}: a volume of the class ${storageClassName} lies on one node; ask for ReadWriteOnce`,
    };
  if (spec.volumeMode === "Block")
    return {
      outcome: "refuse",
      why: `volumeMode Block: a volume of the class ${storageClassName} is a folder; ask for Filesystem`,
    };
  if (spec.dataSource || spec.dataSourceRef)
    return { outcome: "refuse", why: `dataSource: the class ${storageClassName} makes empty volumes only` };
  const name = `pvc-${metadata.uid}`;
  return { outcome: "make", node, folder: folderOf(name), volume: volumeFor(claim, name, node) };
}

/** Where on its node a volume's files lie. Its name has a claim's uid in it, nothing of a student's. */
export const folderOf = (volumeName: string) => `${volumesFolder}/${volumeName}`;

/** The node of a volume that was made here and whose claim is gone; null of any other volume. */
export function nodeOfReleased(volume: V1PersistentVolume): string | null {
  if (volume.metadata?.annotations?.[provisionedBy] !== provisioner) return null;
  if (volume.status?.phase !== "Released" || volume.metadata.deletionTimestamp) return null;
  const term = volume.spec?.nodeAffinity?.required?.nodeSelectorTerms[0];
  return term?.matchExpressions?.[0]?.values?.[0] ?? null;
}

function volumeFor(claim: V1PersistentVolumeClaim, name: string, node: string): V1PersistentVolume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { [provisionedBy]: provisioner } },
    spec: {
      capacity: { storage: claim.spec?.resources?.requests?.storage ?? "1Gi" },
      ...(claim.spec?.accessModes ? { accessModes: claim.spec.accessModes } : {}),
      volumeMode: "Filesystem",
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName,
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        name: claim.metadata?.name ?? "",
        namespace: claim.metadata?.namespace ?? "",
        uid: claim.metadata?.uid ?? "",
      },
      local: { path: folderOf(name) },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] },
          ],
        },
      },
    },
  };
}
