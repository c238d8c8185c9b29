import { readTags } from "#infra/compute/ec2/tags.ts";

/** As DescribeInstances tells it. */
export interface TaggedInstance {
  InstanceId?: string | undefined;
  LaunchTime?: Date | undefined;
  Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined;
}

/** The worker ends a machine at its lease; whoever stands in for it waits a little. */
const graceMs = 2 * 60_000;

/** No machine is meant to live longer, whatever its tag says or whoever removed it: twelve times the pool's lease. */
const longestLifeMs = 12 * 3_600_000;

/**
 * Whether an instance is the installation's and past its lease. An instance without our tag never is; one of ours
 * whose lease cannot be read, or lies too far ahead, is when it has lived longer than any machine does.
 */
export function isPastLease(instance: TaggedInstance, installation: string, now: Date): boolean {
  const tags = readTags(instance.Tags);
  if (tags.installation !== installation || installation === "") return false;
  const lease = Date.parse(tags.leaseUntil ?? "") + graceMs;
  const longest = (instance.LaunchTime?.getTime() ?? Number.NaN) + longestLifeMs;
  return now.getTime() > Math.min(...[lease, longest].filter((at) => !Number.isNaN(at)));
}
