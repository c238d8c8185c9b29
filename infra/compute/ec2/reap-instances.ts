import {
  DescribeInstancesCommand,
  type EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { isPastLease, type Overdue, type Reaped } from "#grading/machines/past-lease.ts";
import { abortable } from "../abortable.ts";
import { livingFilters, readTags } from "./tags.ts";

/**
 * Ends every instance of the installation that is past its lease, or with dryRun only names it; needs no database and
 * touches nothing without the installation's tag. One that cannot be ended keeps no other. Throws what the client throws
 * when the list cannot be read to its end: what earlier pages named is ended first.
 */
export async function reapInstances(
  ec2: EC2Client,
  installation: string,
  now: Date,
  { dryRun = false, signal }: { dryRun?: boolean; signal?: AbortSignal } = {},
): Promise<Reaped> {
  const reaped: Reaped = { seen: 0, overdue: [], ended: [], failed: [] };
  let token: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeInstancesCommand({
        Filters: livingFilters(installation),
        MaxResults: 500,
        NextToken: token,
      }),
      abortable(signal),
    );
    // By AWS's clock where this computer's is minutes off: a wrong clock must end no machine that still may live.
    const at = new Date(now.getTime() + ec2.config.systemClockOffset);
    const instances = (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
    reaped.seen += instances.length;
    const due = instances.flatMap((instance) => overdue(instance, installation, at));
    reaped.overdue.push(...due);
    if (!dryRun)
      await endAll(
        ec2,
        due.map(({ instanceId }) => instanceId),
        reaped,
        signal,
      );
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return reaped;
}

function overdue({ InstanceId, LaunchTime, Tags }: Instance, ours: string, now: Date): Overdue[] {
  const { installation, machine, leaseUntil } = readTags(Tags);
  const times = { leaseUntil: new Date(leaseUntil ?? Number.NaN), launchedAt: LaunchTime ?? null };
  if (InstanceId === undefined || !isPastLease({ installation, ...times }, ours, now)) return [];
  return [{ instanceId: InstanceId, machineId: machine ?? null, ...times }];
}

/** At once; when one of them fails the call, which then ends none, one by one. */
async function endAll(ec2: EC2Client, ids: string[], reaped: Reaped, signal?: AbortSignal) {
  if (ids.length === 0) return;
  try {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }), abortable(signal));
    reaped.ended.push(...ids);
  } catch (error) {
    const [first] = ids;
    if (ids.length > 1) for (const id of ids) await endAll(ec2, [id], reaped, signal);
    // Gone meanwhile is what was wanted.
    else if (first !== undefined && !(error instanceof Error && error.name === "InvalidInstanceID.NotFound"))
      reaped.failed.push({ instanceId: first, reason: String(error) });
  }
}
