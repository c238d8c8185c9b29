import { z } from "zod";

const list = z.string().transform((text) => text.split(","));

/**
 * What the stack says of itself, by the names of its outputs: what the provider, the storage and the image builder
 * need to know. Free of the CDK, so that a worker can read it.
 */
const outputs = z.object({
  Installation: z.string(),
  /** Of machines. */
  LaunchTemplateId: z.string(),
  LaunchTemplateVersion: z.string(),
  SubnetIds: list,
  SecurityGroupId: z.string(),
  InstanceTypes: list,
  VolumeGib: z.coerce.number(),
  FleetMax: z.coerce.number(),
  SpotVcpus: z.coerce.number(),
  BucketName: z.string(),
  InterruptionQueueUrl: z.string(),
  ScheduleGroupName: z.string(),
  SchedulerRoleArn: z.string(),
  ScheduleDeadLetterArn: z.string(),
  ControllerUserName: z.string(),
  ImagesPolicyArn: z.string(),
  /** Where an image is made: a network of its own, with the internet. */
  BuilderSubnetId: z.string(),
  BuilderSecurityGroupId: z.string(),
});

export type StackOutputs = z.output<typeof outputs>;
export type OutputName = keyof StackOutputs;

/** From DescribeStacks. Throws ZodError when the stack is not of this version, naming the outputs that are missing. */
export function readStackOutputs(
  given: readonly { OutputKey?: string | undefined; OutputValue?: string | undefined }[],
): StackOutputs {
  return outputs.parse(
    Object.fromEntries(given.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
  );
}
