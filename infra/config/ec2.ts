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
    };
  const missing: string[] = [];
  if (region === undefined) missing.push("AWS_REGION");
  if (launchTemplate === undefined) missing.push("DRYDOCK_EC2_LAUNCH_TEMPLATE");
  if (subnets.length === 0) missing.push("DRYDOCK_EC2_SUBNETS");
  // Instances are on other computers. The rest of the gateway is asked for with it.
  if (!hasGateway) missing.push("DRYDOCK_GATEWAY_LISTEN");
  throw new MissingVariables(missing, "is needed with DRYDOCK_PROVIDER=ec2, and must be");
}
