import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type _InstanceType,
  CreateFleetCommand,
  type CreateFleetCommandInput,
  type CreateFleetCommandOutput,
} from "@aws-sdk/client-ec2";
import type { Clock } from "#course/clock.ts";
import { type Instance, LaunchError, type LaunchSpec, type Market } from "#grading/machines/provider.ts";
import { abortable } from "../abortable.ts";
import { asApiFailure, isOfOffering, readFailure, rethrow } from "./api-errors.ts";
import type { Ec2Api } from "./ec2-api.ts";
import { findInstance } from "./list-instances.ts";
import type { Offerings, Place } from "./offerings.ts";
import { writeTags } from "./tags.ts";
import { encodeUserData } from "./user-data.ts";

export interface LaunchSettings {
  api: Ec2Api;
  offerings: Offerings;
  /** Id or name, of the stack. */
  launchTemplate: string;
  /** Instance types that are large enough, the liked ones first. */
  typesFor(shape: LaunchSpec["shape"]): readonly string[];
  /** The image's id. Throws LaunchError where there is none. */
  imageOf(kind: string): string;
  clock: Clock;
}

/** A fleet takes so many overrides. */
const mostPlaces = 300;
/** A new instance may not be shown at once. */
const showMs = { every: 250, atMost: 3_000 };

/** What was asked for a machine, word for word: a lost reply is answered only by the same request once more. */
export interface Requests {
  get(key: string): Asked | undefined;
  set(key: string, asked: Asked): unknown;
  delete(key: string): unknown;
}
interface Asked {
  input: CreateFleetCommandInput;
  places: readonly Place[];
}

/**
 * One instance by one CreateFleet of the type instant: whatever type and zone has one in the market that is wished.
 * Idempotent by the machine's id: an instance that is there is taken, and a request whose reply was lost is asked again
 * word for word. Throws LaunchError where no instance was made for certain, anything else where nobody knows.
 */
export async function launchInstance(
  settings: LaunchSettings,
  requests: Requests,
  spec: LaunchSpec,
  signal?: AbortSignal,
): Promise<Instance> {
  const what = `The machine ${spec.machineId} was not launched`;
  const found = await findInstance(settings.api, spec, signal).catch((error: unknown) =>
    rethrow(error, what),
  );
  if (found !== null) return found;
  const { api, offerings, clock } = settings;
  const { market = "spot" } = spec.shape;
  const token = tokenOf(spec, market);
  const asked = requests.get(token) ?? (await request(settings, spec, market, token, signal));
  requests.set(token, asked);
  let answer: CreateFleetCommandOutput;
  try {
    answer = await api.launching.send(new CreateFleetCommand(asked.input), abortable(signal));
  } catch (error) {
    const failure = asApiFailure(error);
    if (failure !== null && isOfOffering(failure.code)) offerings.refuse(undefined, asked.places, market);
    // Nothing of it was made, so what is asked next need not be the same.
    if (failure !== null && readFailure(failure, what) !== null) requests.delete(token);
    rethrow(error, what);
  }
  for (const { ErrorCode, LaunchTemplateAndOverrides } of answer.Errors ?? [])
    if (isOfOffering(ErrorCode))
      offerings.refuse(LaunchTemplateAndOverrides?.Overrides, asked.places, market);
  const made = answer.Instances?.find(({ InstanceIds }) => InstanceIds?.length);
  const [instanceId] = made?.InstanceIds ?? [];
  if (instanceId === undefined) {
    requests.delete(token);
    throw worst(answer, what);
  }
  const overrides = made?.LaunchTemplateAndOverrides?.Overrides;
  const place = asked.places.find(
    ({ type, subnetId }) => type === made?.InstanceType && subnetId === overrides?.SubnetId,
  );
  return (
    (await show(settings, spec, signal)) ?? {
      ...{ instanceId, machineId: spec.machineId, installation: spec.installation },
      ...{ state: "pending", launchedAt: clock(), leaseUntil: new Date(spec.userData.leaseUntil) },
      offering: {
        type: made?.InstanceType ?? "unknown",
        zone: place?.zone ?? overrides?.AvailabilityZone ?? "unknown",
        market,
      },
    }
  );
}

async function request(
  settings: LaunchSettings,
  spec: LaunchSpec,
  market: Market,
  token: string,
  signal?: AbortSignal,
): Promise<Asked> {
  const { launchTemplate, offerings } = settings;
  const { installation, deployment, machineId, shape, userData } = spec;
  const ImageId = settings.imageOf(shape.kind);
  const places = (await offerings.places(settings.typesFor(shape), market, signal)).slice(0, mostPlaces);
  const { leaseUntil } = userData;
  const Tags = writeTags({
    installation,
    deployment,
    machine: machineId,
    machineKind: shape.kind,
    leaseUntil,
  });
  const template = launchTemplate.startsWith("lt-")
    ? { LaunchTemplateId: launchTemplate }
    : { LaunchTemplateName: launchTemplate };
  const input: CreateFleetCommandInput = {
    ClientToken: token,
    Type: "instant",
    TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: market },
    ...(market === "spot"
      ? { SpotOptions: { AllocationStrategy: "price-capacity-optimized" } }
      : { OnDemandOptions: { AllocationStrategy: "lowest-price" } }),
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: {
          ...template,
          Version: "$Default",
          LaunchTemplateSpecificationUserData: encodeUserData(userData),
        },
        Overrides: places.map(({ type, subnetId }) => ({
          InstanceType: type as _InstanceType,
          SubnetId: subnetId,
          ImageId,
        })),
      },
    ],
    TagSpecifications: (["fleet", "instance", "volume"] as const).map((ResourceType) => ({
      ResourceType,
      Tags,
    })),
  };
  return { input, places };
}

/** 64 characters, the most that a token may have. It says the market: one token stands for one request. */
const tokenOf = ({ installation, machineId }: LaunchSpec, market: Market) =>
  createHash("sha256").update(`${installation}\0${machineId}\0${market}`).digest("hex");

/** Of many refusals the one that a person can do most about; without any, that there is no capacity. */
function worst({ Errors = [] }: CreateFleetCommandOutput, what: string): LaunchError {
  const order = ["misconfigured", "quota", "throttled", "unreachable", "insufficient-capacity"];
  const read = Errors.flatMap(
    ({ ErrorCode: code = "", ErrorMessage: message = "" }) => readFailure({ code, message }, what) ?? [],
  ).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const none = new LaunchError("insufficient-capacity", `${what}: EC2 has none now.`, {
    trouble: "capacity",
  });
  return read[0] ?? none;
}

/** As EC2 lists it, which names when it was launched; null when it is not shown in time. */
async function show(
  { api }: LaunchSettings,
  spec: LaunchSpec,
  signal?: AbortSignal,
): Promise<Instance | null> {
  for (let waited = 0; waited <= showMs.atMost; waited += showMs.every) {
    // It is there, whatever comes of looking at it.
    const found = await findInstance(api, spec, signal).catch(() => null);
    if (found !== null) return found;
    await sleep(showMs.every);
  }
  return null;
}
