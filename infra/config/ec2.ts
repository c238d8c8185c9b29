import { z } from "zod";
import { listOf, MissingVariables, oneOf, variable, whole } from "./variable.ts";

/** Where AWS is asked, by the provider and by the storage. */
export const regionVariable = variable(
  z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/)
    .optional(),
  "the name of a region of AWS",
  "us-west-2",
);

export const ec2Variables = {
  DRYDOCK_EC2_LAUNCH_TEMPLATE: variable(
    z
      .string()
      .regex(/^[a-zA-Z0-9()./_-]{3,128}$/)
      .optional(),
    "the id or the name of a launch template",
    "lt-0123456789abcdef0",
  ),
  /** One of each zone that machines may be in. */
  DRYDOCK_EC2_SUBNETS: listOf(
    /^subnet-[0-9a-f]+$/,
    "ids of subnets, separated by commas",
    "subnet-0a1b,subnet-2c3d",
  ),
  /** Without it those that are large enough for a machine. */
  DRYDOCK_EC2_TYPES: listOf(
    /^[a-z0-9-]+\.[a-z0-9-]+$/,
    "instance types, separated by commas",
    "c6a.large,c7a.large",
  ),
  /** Of each machine, as the launch template has it. */
  DRYDOCK_EC2_VOLUME_GIB: whole(8, 1024, 16),
  /** Whether a run whose deadline is near has a machine on demand, at two or three times the price, where spot has none. */
  DRYDOCK_EC2_ON_DEMAND: oneOf(["off", "near-deadline"], "near-deadline"),
  /** What the account may have of spot at once (quota L-34B43A08): no more is held ahead of runs. */
  DRYDOCK_EC2_SPOT_VCPUS: variable(
    z.coerce.number().int().min(1).max(100_000).optional(),
    "a whole number from 1 to 100000",
    "64",
  ),
  /** Of the schedules that end machines with nothing of Drydock alive. */
  DRYDOCK_EC2_SCHEDULE_GROUP: variable(
    z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .optional(),
    "the name of a group of schedules",
    "drydock-fall-2024-machines",
  ),
  /** By which they end instances. */
  DRYDOCK_EC2_SCHEDULE_ROLE: variable(
    z
      .string()
      .regex(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/)
      .optional(),
    "the ARN of the role of the schedules",
    "arn:aws:iam::123456789012:role/drydock-schedules",
  ),
  DRYDOCK_EC2_SCHEDULE_DEAD_LETTER: variable(
    z
      .string()
      .regex(/^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/)
      .optional(),
    "the ARN of the queue that is told of schedules that could not end their machine",
    "arn:aws:sqs:us-west-2:123456789012:drydock-dead-letters",
  ),
  /** In which EC2 says which spot instances it takes back. */
  DRYDOCK_EC2_INTERRUPTION_QUEUE: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    "the address of a queue of SQS",
    "https://sqs.us-west-2.amazonaws.com/123456789012/drydock-interruptions",
  ),
};

/** Where and of what machines are made on EC2. */
export interface Ec2Config {
  region: string;
  launchTemplate: string;
  subnets: string[];
  /** Empty: those that are large enough. */
  instanceTypes: string[];
  volumeGiB: number;
  /** null: nobody said. */
  spotVcpus: number | null;
  /** When machines may be had on demand, where spot has none. */
  onDemand: "off" | "near-deadline";
  /** null: machines have no schedules. */
  schedules: ScheduleSettings | null;
  /** null: interruptions are heard from the machines alone. */
  interruptionQueue: string | null;
}

/** Where the schedules that end machines are made. */
export interface ScheduleSettings {
  group: string;
  roleArn: string;
  /** null: what could not be ended is told to nobody. */
  deadLetterArn: string | null;
}

/** Throws MissingVariables. */
export function readEc2(
  v: z.output<z.ZodObject<typeof ec2Variables>> & {
    AWS_REGION?: string | undefined;
    DRYDOCK_GATEWAY_LISTEN?: string | undefined;
  },
): Ec2Config {
  const { AWS_REGION: region, DRYDOCK_EC2_LAUNCH_TEMPLATE: launchTemplate, DRYDOCK_EC2_SUBNETS: subnets } = v;
  const hasGateway = v.DRYDOCK_GATEWAY_LISTEN !== undefined;
  if (region !== undefined && launchTemplate !== undefined && subnets.length > 0 && hasGateway)
    return {
      ...{ region, launchTemplate, subnets },
      ...{ instanceTypes: v.DRYDOCK_EC2_TYPES, volumeGiB: v.DRYDOCK_EC2_VOLUME_GIB },
      onDemand: v.DRYDOCK_EC2_ON_DEMAND,
      spotVcpus: v.DRYDOCK_EC2_SPOT_VCPUS ?? null,
      schedules: readSchedules(v),
      interruptionQueue: v.DRYDOCK_EC2_INTERRUPTION_QUEUE ?? null,
    };
  const missing: string[] = [];
  if (region === undefined) missing.push("AWS_REGION");
  if (launchTemplate === undefined) missing.push("DRYDOCK_EC2_LAUNCH_TEMPLATE");
  if (subnets.length === 0) missing.push("DRYDOCK_EC2_SUBNETS");
  // Instances are on other computers. The rest of the gateway is asked for with it.
  if (!hasGateway) missing.push("DRYDOCK_GATEWAY_LISTEN");
  throw new MissingVariables(missing, "is needed with DRYDOCK_PROVIDER=ec2, and must be");
}

function readSchedules(v: z.output<z.ZodObject<typeof ec2Variables>>): ScheduleSettings | null {
  const { DRYDOCK_EC2_SCHEDULE_GROUP: group, DRYDOCK_EC2_SCHEDULE_ROLE: roleArn } = v;
  const deadLetterArn = v.DRYDOCK_EC2_SCHEDULE_DEAD_LETTER ?? null;
  if (group === undefined && roleArn === undefined && deadLetterArn === null) return null;
  if (group !== undefined && roleArn !== undefined) return { group, roleArn, deadLetterArn };
  const missing = [
    ...(group === undefined ? ["DRYDOCK_EC2_SCHEDULE_GROUP"] : []),
    ...(roleArn === undefined ? ["DRYDOCK_EC2_SCHEDULE_ROLE"] : []),
  ];
  throw new MissingVariables(missing, "is needed with the others of the schedules, and must be");
}
