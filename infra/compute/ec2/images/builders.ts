import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type _InstanceType, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { asApiFailure, explainFailure } from "../api-errors.ts";
import type { Ec2Api } from "../ec2-api.ts";
import { describeInstances } from "../list-instances.ts";
import { livingFilters, readTags, tagKeys, writeTags } from "../tags.ts";
import type { DebianImage } from "./find-debian.ts";
import { asImageError, ImageError } from "./image-error.ts";
import type { ImagePlace } from "./image-place.ts";

/** An instance that makes an image. */
export interface Builder {
  instanceId: string;
  /** Which process it works for: computer/process id. */
  worksFor: string;
  leaseUntil: Date;
}

/** Of this process. */
export const thisProcess = (): string => `${hostname()}/${process.pid}`;

export interface BuilderLaunch {
  debian: DebianImage;
  userData: string;
  machineKind: string;
  leaseUntil: Date;
  worksFor: string;
}

/**
 * Launches a builder, of the first type that is to be had. It stops when it powers off, since its disk becomes the
 * image. Not ended by a signal: whoever calls has to know its id to end it. Throws ImageError.
 */
export async function launchBuilder(place: ImagePlace, launch: BuilderLaunch): Promise<string> {
  const act = "The builder of the machine image was not launched";
  let refusal = new ImageError("machine-image-not-allowed", `${act}: the stack names no instance type.`);
  for (const type of place.instanceTypes) {
    try {
      const { Instances } = await place.api.reading.send(
        new RunInstancesCommand(requestOf(place, launch, type)),
      );
      const id = Instances?.[0]?.InstanceId;
      if (id === undefined) throw new ImageError("machine-image-failed", `${act}: EC2 named none.`);
      return id;
    } catch (error) {
      refusal = asImageError(error, act);
      const failure = asApiFailure(error);
      if (failure === null || explainFailure(failure).kind !== "insufficient-capacity") throw refusal;
    }
  }
  throw refusal;
}

function requestOf(place: ImagePlace, launch: BuilderLaunch, type: string) {
  const { debian, machineKind, leaseUntil, worksFor } = launch;
  const { installation, deployment } = place;
  const Tags = [
    ...writeTags({
      ...{ installation, deployment, machineKind, leaseUntil: leaseUntil.toISOString() },
      builder: worksFor,
    }),
    { Key: "Name", Value: `drydock ${deployment} image builder` },
  ];
  return {
    // The client asks again by itself where the reply was lost: by this it is the same instance then.
    ClientToken: randomUUID(),
    ImageId: debian.imageId,
    InstanceType: type as _InstanceType,
    MinCount: 1,
    MaxCount: 1,
    SubnetId: place.subnetId,
    SecurityGroupIds: [place.securityGroupId],
    InstanceInitiatedShutdownBehavior: "stop" as const,
    MetadataOptions: {
      HttpTokens: "required" as const,
      HttpEndpoint: "enabled" as const,
      HttpPutResponseHopLimit: 1,
    },
    BlockDeviceMappings: [
      {
        DeviceName: debian.rootDevice,
        Ebs: {
          ...{ VolumeSize: place.volumeGiB, VolumeType: "gp3" as const },
          ...{ Encrypted: true, DeleteOnTermination: true },
        },
      },
    ],
    TagSpecifications: (["instance", "volume"] as const).map((ResourceType) => ({ ResourceType, Tags })),
    UserData: Buffer.from(launch.userData).toString("base64"),
  };
}

/** The installation's builders that are not ended. Throws ImageError. */
export async function findBuilders(
  api: Ec2Api,
  installation: string,
  signal?: AbortSignal,
): Promise<Builder[]> {
  const filters = [...livingFilters(installation), { Name: "tag-key", Values: [tagKeys.builder] }];
  const found = await describeInstances(api, filters, signal).catch((error: unknown) => {
    throw asImageError(error, "Builders of machine images could not be looked for", signal);
  });
  return found.flatMap(({ InstanceId, Tags }) => {
    const { builder, leaseUntil } = readTags(Tags);
    if (InstanceId === undefined || builder === undefined) return [];
    const lease = new Date(leaseUntil ?? 0);
    return [{ instanceId: InstanceId, worksFor: builder, leaseUntil: lease }];
  });
}

/** One that is gone already is fine. Throws ImageError. */
export async function endBuilder(api: Ec2Api, instanceId: string): Promise<void> {
  try {
    await api.reading.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  } catch (error) {
    if (asApiFailure(error)?.code === "InvalidInstanceID.NotFound") return;
    throw asImageError(error, `The builder ${instanceId} could not be ended`);
  }
}

/**
 * Ends builders that nobody waits for: of a process of this computer that is gone, or past their lease; with `all`, every
 * one. Returns the others, and so who makes images now. Throws ImageError.
 */
export async function endLeftBuilders(
  api: Ec2Api,
  options: {
    installation: string;
    now: Date;
    all: boolean;
    onEnded(builder: Builder): void;
    signal?: AbortSignal;
  },
): Promise<Builder[]> {
  const working: Builder[] = [];
  for (const builder of await findBuilders(api, options.installation, options.signal)) {
    if (!options.all && builder.leaseUntil > options.now && mayBeAlive(builder.worksFor)) {
      working.push(builder);
      continue;
    }
    await endBuilder(api, builder.instanceId);
    options.onEnded(builder);
  }
  return working;
}

/** Of another computer's processes nothing is known. */
function mayBeAlive(worksFor: string): boolean {
  const [, host, pid] = /^(.*)\/(\d+)$/.exec(worksFor) ?? [];
  if (host !== hostname() || pid === undefined) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // Somebody else's is there as well.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
