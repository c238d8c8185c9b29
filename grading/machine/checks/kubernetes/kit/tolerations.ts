import type { V1Taint, V1Toleration } from "@kubernetes/client-node";

/** Whether tolerations let a pod onto (or, for NoExecute, stay on) a node with this taint, as the scheduler decides it. */
export function tolerates(tolerations: readonly V1Toleration[] | undefined, taint: V1Taint): boolean {
  return (tolerations ?? []).some(({ key, operator, value, effect }) => {
    if (effect && effect !== taint.effect) return false;
    // No key with Exists tolerates everything.
    if (!key) return operator === "Exists";
    if (key !== taint.key) return false;
    return operator === "Exists" || (value ?? "") === (taint.value ?? "");
  });
}

/** Taints of a node that keep a pod with these tolerations from being placed there. */
export const untolerated = (tolerations: readonly V1Toleration[] | undefined, taints: readonly V1Taint[]) =>
  taints.filter((taint) => taint.effect !== "PreferNoSchedule" && !tolerates(tolerations, taint));

/** As kubectl taint takes it, such as gpu=true:NoSchedule. */
export const taintInWords = ({ key, value, effect }: V1Taint) =>
  `${key}${value ? `=${value}` : ""}:${effect}`;
