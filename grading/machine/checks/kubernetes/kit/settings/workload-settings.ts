import { z } from "zod";
import { objectName } from "./kubernetes-settings.ts";

const kinds = {
  deployment: "Deployment",
  statefulSet: "StatefulSet",
  daemonSet: "DaemonSet",
  job: "Job",
  pod: "Pod",
} as const;
export type WorkloadKey = keyof typeof kinds;

/** What makes pods, or a single pod, by kind and name. */
export interface WorkloadRef {
  kind: (typeof kinds)[WorkloadKey];
  name: string;
}

/** One of these keys says whose pods are meant. */
export const workloadFields = {
  deployment: objectName.optional().describe("The Deployment whose pods are meant."),
  statefulSet: objectName.optional().describe("The StatefulSet whose pods are meant."),
  daemonSet: objectName.optional().describe("The DaemonSet whose pods are meant."),
  job: objectName.optional().describe("The Job whose pods are meant."),
  pod: objectName.optional().describe("A single pod."),
};
type WorkloadFields = { [Key in WorkloadKey]?: string | undefined };

/** The workload that settings name; null when they name none or several. */
export function workloadOf(settings: WorkloadFields): WorkloadRef | null {
  const named = (Object.keys(kinds) as WorkloadKey[]).flatMap((key) => {
    const name = settings[key];
    return name === undefined ? [] : [{ kind: kinds[key], name }];
  });
  return named.length === 1 ? (named[0] ?? null) : null;
}

export const oneWorkload = "say one of deployment, statefulSet, daemonSet, job, pod";

export const workloadSettings = z
  .strictObject(workloadFields)
  .refine((fields) => workloadOf(fields) !== null, oneWorkload);

/** Such as “Deployment web”. */
export const workloadInWords = ({ kind, name }: WorkloadRef) => `${kind} ${name}`;

/** The workload that settings name, which their schema has made sure of. */
export function demandWorkload(settings: WorkloadFields): WorkloadRef {
  const ref = workloadOf(settings);
  if (!ref) throw new Error(`The settings name no workload: ${oneWorkload}.`);
  return ref;
}
