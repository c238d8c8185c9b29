import {
  DescribeInstancesCommand,
  type EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import { isPastLease } from "./lease-rule.ts";

export interface Reaped {
  /** Ids of instances that AWS was asked to end, and took. */
  ended: string[];
  /** Past their lease and not ended, with what AWS said. */
  failed: { instanceId: string; reason: string }[];
}

/**
 * Ends every instance of the installation that is past its lease; needs no database and touches nothing without the
 * installation's tag. One that cannot be ended keeps no other. Throws what the client throws when the list cannot be
 * read to its end: what earlier pages named is ended first.
 */
export async function reapInstances(ec2: EC2Client, installation: string, now: Date): Promise<Reaped> {
  const reaped: Reaped = { ended: [], failed: [] };
  let token: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: `tag:${tagKeys.installation}`, Values: [installation] },
          { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
        ],
        MaxResults: 500,
        NextToken: token,
      }),
    );
    const due = (page.Reservations ?? [])
      .flatMap(({ Instances }) => Instances ?? [])
      .filter((instance): instance is Instance & { InstanceId: string } => instance.InstanceId !== undefined)
      .filter((instance) => isPastLease(instance, installation, now))
      .map(({ InstanceId }) => InstanceId);
    await endAll(ec2, due, reaped);
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return reaped;
}

/** At once; when one of them fails the call, which then ends none, one by one. */
async function endAll(ec2: EC2Client, ids: string[], reaped: Reaped) {
  if (ids.length === 0) return;
  try {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    reaped.ended.push(...ids);
  } catch (error) {
    const [first] = ids;
    if (ids.length > 1) for (const id of ids) await endAll(ec2, [id], reaped);
    // Gone meanwhile is what was wanted.
    else if (first !== undefined && !(error instanceof Error && error.name === "InvalidInstanceID.NotFound"))
      reaped.failed.push({ instanceId: first, reason: String(error) });
  }
}
