import type { StackOutputs } from "./stack-outputs.ts";

/**
 * What web and worker must have in their environment so that machines and files are in the stack, and a reaper to know
 * whose machines it ends. The gateway's variables are left: only who runs it knows them.
 */
export function workerSettings(outputs: StackOutputs, region: string): Record<string, string> {
  return {
    DRYDOCK_PROVIDER: "ec2",
    AWS_REGION: region,
    DRYDOCK_EC2_LAUNCH_TEMPLATE: outputs.LaunchTemplateId,
    DRYDOCK_EC2_SUBNETS: outputs.SubnetIds.join(","),
    DRYDOCK_EC2_TYPES: outputs.InstanceTypes.join(","),
    DRYDOCK_EC2_VOLUME_GIB: String(outputs.VolumeGib),
    DRYDOCK_EC2_SCHEDULE_GROUP: outputs.ScheduleGroupName,
    DRYDOCK_EC2_SCHEDULE_ROLE: outputs.SchedulerRoleArn,
    DRYDOCK_EC2_SCHEDULE_DEAD_LETTER: outputs.ScheduleDeadLetterArn,
    DRYDOCK_EC2_INTERRUPTION_QUEUE: outputs.InterruptionQueueUrl,
    DRYDOCK_INSTALLATION: outputs.Installation,
    DRYDOCK_FLEET_MAX: String(outputs.FleetMax),
    DRYDOCK_EC2_SPOT_VCPUS: String(outputs.SpotVcpus),
    DRYDOCK_STORAGE: "s3",
    DRYDOCK_S3_BUCKET: outputs.BucketName,
  };
}
