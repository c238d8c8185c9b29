/** Why the scheduler finds no node, as settings name it, with the scheduler's own words (version 1.36) for it. */
export const schedulerReasons = {
  "insufficient-cpu": { words: "Insufficient cpu", pattern: /Insufficient cpu/ },
  "insufficient-memory": { words: "Insufficient memory", pattern: /Insufficient memory/ },
  "too-many-pods": { words: "Too many pods", pattern: /Too many pods/ },
  taint: { words: "untolerated taint", pattern: /untolerated taint|taints? that the pod didn't tolerate/ },
  "node-affinity": {
    words: "didn't match Pod's node affinity/selector",
    pattern: /didn't match Pod's node affinity\/selector/,
  },
  "pod-affinity": { words: "didn't match pod affinity rules", pattern: /didn't match pod affinity rules/ },
  "pod-anti-affinity": {
    words: "didn't match pod anti-affinity rules",
    pattern: /didn't match pod anti-affinity rules|didn't satisfy existing pods anti-affinity rules/,
  },
  "topology-spread": {
    words: "didn't match pod topology spread constraints",
    pattern: /didn't match pod topology spread constraints/,
  },
  cordoned: { words: "were unschedulable", pattern: /node\(s\) were unschedulable/ },
  ports: { words: "didn't have free ports", pattern: /didn't have free ports/ },
  volume: {
    words: "persistent volumes",
    pattern:
      /persistentvolumeclaim|PersistentVolumeClaim|persistent volumes|PersistentVolume's node affinity|volume node affinity/,
  },
} as const;
export type SchedulerReason = keyof typeof schedulerReasons;

export const schedulerReasonNames = Object.keys(schedulerReasons) as [SchedulerReason, ...SchedulerReason[]];

/** All reasons that the scheduler's sentence gives; what it says of preemption repeats them and is left out. */
export function reasonsIn(sentence: string): SchedulerReason[] {
  const own = sentence.split(/ preemption: /)[0] ?? "";
  return schedulerReasonNames.filter((name) => schedulerReasons[name].pattern.test(own));
}
