import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import type { LeaseSchedules } from "#grading/machines/ending/lease-schedules.ts";
import { LaunchError } from "#grading/machines/provider.ts";
import { abortable } from "../abortable.ts";
import { rethrow } from "./api-errors.ts";
import type { Ec2ApiOptions } from "./ec2-api.ts";

export interface ScheduleOptions extends Ec2ApiOptions {
  /** Name, and role by which instances are ended: of the stack. */
  group: string;
  roleArn: string;
  /** Told of what could not be ended; null: nobody is. */
  deadLetterArn: string | null;
}

/** An end that AWS could not give at once is tried for an hour: by then the twelve hours of a reaper are near. */
const retries = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 60 };
/** What is remembered of schedules that are there. */
const mostRemembered = 10_000;

/**
 * One-time schedules of EventBridge, each of which ends one instance and is gone then. Throws LaunchError where AWS says
 * why none was made.
 */
export function createLeaseSchedules(options: ScheduleOptions): LeaseSchedules & { close(): void } {
  const { region, endpoint, credentials, group: GroupName } = options;
  const client = new SchedulerClient({
    region,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
  });
  const made = new Set<string>();
  return {
    async make({ machineId, instanceId, at }, signal) {
      if (made.has(machineId)) return;
      const schedule = new CreateScheduleCommand({
        ...{ Name: machineId, GroupName },
        ScheduleExpression: atInstant(at),
        ScheduleExpressionTimezone: "UTC",
        FlexibleTimeWindow: { Mode: "OFF" },
        ActionAfterCompletion: "DELETE",
        Description: `Ends ${instanceId} should nothing else have`,
        Target: {
          Arn: `arn:${partitionOf(options.roleArn)}:scheduler:::aws-sdk:ec2:terminateInstances`,
          RoleArn: options.roleArn,
          Input: JSON.stringify({ InstanceIds: [instanceId] }),
          RetryPolicy: retries,
          ...(options.deadLetterArn !== null && { DeadLetterConfig: { Arn: options.deadLetterArn } }),
        },
      });
      await client.send(schedule, abortable(signal)).catch((error: unknown) => {
        // Another worker made it, or this one, and the reply was lost.
        if (!(error instanceof ConflictException))
          fail(error, `The schedule that ends ${machineId} was not made`);
      });
      if (made.size >= mostRemembered) made.clear();
      made.add(machineId);
    },
    async remove(machineId, signal) {
      await client
        .send(new DeleteScheduleCommand({ Name: machineId, GroupName }), abortable(signal))
        .catch((error: unknown) => {
          if (!(error instanceof ResourceNotFoundException))
            fail(error, `The schedule of ${machineId} was not removed`);
        });
      made.delete(machineId);
    },
    close: () => client.destroy(),
  };
}

/** To the next whole second, by the UTC that ScheduleExpressionTimezone names. */
function atInstant(at: Date): string {
  return `at(${new Date(Math.ceil(at.getTime() / 1000) * 1000).toISOString().slice(0, 19)})`;
}

/** aws, or aws-cn and its like. */
const partitionOf = (arn: string) => arn.split(":")[1] ?? "aws";

function fail(error: unknown, what: string): never {
  if (error instanceof ResourceNotFoundException)
    throw new LaunchError(
      "misconfigured",
      `${what}: there is no such group. Set DRYDOCK_EC2_SCHEDULE_GROUP to the stack's: drydock aws outputs names it.`,
      { cause: error, trouble: "other" },
    );
  rethrow(error, what);
}
