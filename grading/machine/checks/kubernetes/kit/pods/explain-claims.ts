import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { re } from "re2js";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import type { Trouble } from "../api/trouble.ts";

const unknownClassWords = re`storageclass\S* "([^"]+)" not found`;

/**
 * Why a pod waits for a volume that is not made, from the warnings about its claims: the scheduler itself says nothing
 * while it waits for them, or not which claim it is and why. events are the namespace's, oldest first.
 */
export function explainClaims(pod: V1Pod, events: CoreV1Event[]): Trouble | null {
  if (pod.status?.phase !== "Pending") return null;
  const claims = (pod.spec?.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
  const warning = events.findLast(
    ({ type, involvedObject }) =>
      type === "Warning" &&
      involvedObject.kind === "PersistentVolumeClaim" &&
      claims.includes(involvedObject.name ?? ""),
  );
  if (!warning) return null;
  const claim = warning.involvedObject.name;
  const unknownClass = unknownClassWords.exec(warning.message ?? "")?.[1];
  return {
    cause: "volume",
    happened: `Pod ${pod.metadata?.name} waits for the volume of its PersistentVolumeClaim ${claim}: the cluster says ${quoteOutput(warning.message ?? "")}.`,
    fix: unknownClass
      ? `Remove storageClassName: ${unknownClass} from the claim (or from volumeClaimTemplates): without it the claim gets the cluster's default class.`
      : "Correct what these words name in the claim (or in volumeClaimTemplates): accessModes, storageClassName, volumeMode. Leave storageClassName out for the default class.",
  };
}
