import {
  type Instance as Ec2Instance,
  type Filter,
  type InstanceStateName,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import type { Instance } from "#grading/machines/provider.ts";
import { abortable } from "../abortable.ts";
import type { Ec2Api } from "./ec2-api.ts";
import { readTags, tagKeys } from "./tags.ts";

/** Reservations a page; filters and pages together spend less of the account's allowance than one without. */
const pageSize = 500;

/** Everything tagged as this installation's, ended ones too as long as EC2 knows them. Every page, or it throws. */
export async function listInstances(
  api: Ec2Api,
  installation: string,
  signal?: AbortSignal,
): Promise<Instance[]> {
  return find(api, [{ Name: `tag:${tagKeys.installation}`, Values: [installation] }], signal);
}

/** The instance of a machine, ended or not; null when there is none that EC2 shows. */
export async function findInstance(
  api: Ec2Api,
  of: { installation: string; machineId: string },
  signal?: AbortSignal,
): Promise<Instance | null> {
  const found = await find(
    api,
    [
      { Name: `tag:${tagKeys.installation}`, Values: [of.installation] },
      { Name: `tag:${tagKeys.machine}`, Values: [of.machineId] },
    ],
    signal,
  );
  return found.find(({ state }) => state !== "gone") ?? found[0] ?? null;
}

async function find(api: Ec2Api, filters: Filter[], signal?: AbortSignal): Promise<Instance[]> {
  return (await describeInstances(api, filters, signal)).flatMap((one) => toInstance(one) ?? []);
}

/** Instances by these filters, whatever they are for. Every page, or it throws what the client throws. */
export async function describeInstances(
  api: Ec2Api,
  filters: Filter[],
  signal?: AbortSignal,
): Promise<Ec2Instance[]> {
  const found: Ec2Instance[] = [];
  const pages = paginateDescribeInstances(
    { client: api.reading, pageSize },
    { Filters: filters },
    abortable(signal),
  );
  for await (const { Reservations } of pages)
    for (const { Instances } of Reservations ?? []) found.push(...(Instances ?? []));
  return found;
}

const states: Record<InstanceStateName, Instance["state"]> = {
  pending: "pending",
  running: "running",
  stopping: "stopped",
  stopped: "stopped",
  // It is not billed any more, and nobody can keep it from ending.
  "shutting-down": "gone",
  terminated: "gone",
};

/** null: it lacks the tags of a machine. */
export function toInstance(instance: Ec2Instance): Instance | null {
  const { InstanceId, InstanceType, LaunchTime, State, StateReason, Tags, Placement, InstanceLifecycle } =
    instance;
  const tags = readTags(Tags);
  const { installation, machine: machineId } = tags;
  if (installation === undefined || machineId === undefined || InstanceId === undefined) return null;
  const launchedAt = LaunchTime ?? new Date(0);
  const lease = new Date(tags.leaseUntil ?? Number.NaN);
  return {
    ...{ instanceId: InstanceId, machineId, installation, launchedAt },
    state: states[State?.Name ?? "pending"],
    // Without one, or with one that nobody can read, its time is over.
    leaseUntil: Number.isNaN(lease.getTime()) ? launchedAt : lease,
    offering: {
      type: InstanceType ?? "unknown",
      zone: Placement?.AvailabilityZone ?? "unknown",
      market: InstanceLifecycle === "spot" ? "spot" : "on-demand",
    },
    // Whoever ended it otherwise, we or the machine itself, is told apart by the same field.
    ...(StateReason?.Code === "Server.SpotInstanceTermination" && { takenBack: true }),
  };
}
