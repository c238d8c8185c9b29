import { LaunchError, type LaunchTrouble } from "#grading/machines/provider.ts";
import { errorCodes, forEachCode } from "#infra/aws-api/error-codes.ts";
import { missingPermission } from "#infra/aws-api/missing-permission.ts";

/** What EC2 says, by its code: what it means for a launch, and what to do about it. */
interface Meaning {
  kind: LaunchError["kind"];
  trouble: LaunchTrouble;
  fix: string;
}

const capacity = { kind: "insufficient-capacity", trouble: "capacity", fix: "" } as const;
const quota = {
  kind: "quota",
  trouble: "quota",
  fix: "Ask AWS for a higher quota of vCPUs for spot instances (L-34B43A08), or lower DRYDOCK_FLEET_MAX.",
} as const;
const onDemandQuota = {
  ...quota,
  fix: "Ask AWS for a higher quota of vCPUs for on-demand instances (L-1216C47A).",
} as const;
const throttling = { kind: "throttled", trouble: "throttling", fix: "" } as const;
const wrong = (trouble: LaunchTrouble, fix: string): Meaning => ({ kind: "misconfigured", trouble, fix });
const credentials = wrong(
  "credentials",
  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, to credentials that are valid.",
);
const permission = wrong("permission", "Add it to the policy of the controller: drydock aws deploy does.");
const clock = wrong("clock", "Set this computer's clock: AWS takes no request that is dated minutes off.");
const template = wrong(
  "launch-template",
  "Set DRYDOCK_EC2_LAUNCH_TEMPLATE to the one of the stack: drydock aws outputs names it.",
);
const image = wrong("image", "Make the machine image again: drydock machine-image build.");
const subnet = wrong(
  "network",
  "Set DRYDOCK_EC2_SUBNETS to those of the stack: drydock aws outputs names them.",
);
const instanceType = wrong("instance-type", "Set DRYDOCK_EC2_TYPES to types that the region has.");

const meanings: Record<string, Meaning> = {
  InsufficientInstanceCapacity: capacity,
  InsufficientCapacity: capacity,
  InsufficientHostCapacity: capacity,
  InsufficientReservedInstanceCapacity: capacity,
  UnfulfillableCapacity: capacity,
  // Of one zone or market of a type: the region may have it elsewhere.
  Unsupported: capacity,
  InsufficientFreeAddressesInSubnet: capacity,
  InsufficientAddressCapacity: capacity,
  SpotMaxPriceTooLow: capacity,
  MaxSpotInstanceCountExceeded: quota,
  VcpuLimitExceeded: onDemandQuota,
  InstanceLimitExceeded: quota,
  MaxFleetCountExceeded: quota,
  ...forEachCode(errorCodes.throttled, throttling),
  ...forEachCode([...errorCodes.noCredentials, ...errorCodes.badCredentials], credentials),
  OptInRequired: credentials,
  PendingVerification: credentials,
  Blocked: credentials,
  ...forEachCode(errorCodes.permission, permission),
  ...forEachCode(errorCodes.clock, clock),
  "InvalidLaunchTemplateId.NotFound": template,
  "InvalidLaunchTemplateId.NotFoundException": template,
  "InvalidLaunchTemplateId.VersionNotFound": template,
  "InvalidLaunchTemplateId.VersionNotFoundException": template,
  "InvalidLaunchTemplateId.Malformed": template,
  "InvalidLaunchTemplateName.NotFound": template,
  "InvalidLaunchTemplateName.NotFoundException": template,
  "InvalidAMIID.NotFound": image,
  "InvalidAMIID.Unavailable": image,
  "InvalidAMIID.Malformed": image,
  "InvalidSubnetID.NotFound": subnet,
  "InvalidSubnetID.Malformed": subnet,
  "InvalidSubnet.NotFound": subnet,
  "InvalidGroup.NotFound": subnet,
  "InvalidSecurityGroupID.NotFound": subnet,
  InvalidInstanceType: instanceType,
  "InvalidUserData.Malformed": wrong("user-data", "It is Drydock's own fault: tell its developers."),
};

/** What one offering lacks for some minutes, and others may have: see Offerings. */
export const isOfOffering = (code: string | undefined): boolean =>
  code !== undefined &&
  (meanings[code]?.kind === "insufficient-capacity" || meanings[code]?.kind === "quota");

export interface ApiFailure {
  code: string;
  message: string;
}

/** The code and words of what the API answered; null for anything else, such as a connection that broke. */
export function asApiFailure(error: unknown): ApiFailure | null {
  // The client writes what it tried on errors of a connection too.
  if (!(error instanceof Error) || error.name === "AbortError" || connectionCode(error) !== null) return null;
  const { name, message } = error;
  const code = "Code" in error && typeof error.Code === "string" ? error.Code : name;
  return code in meanings || "$metadata" in error ? { code, message } : null;
}

/**
 * What an answer means for a launch. null: it says nothing of whether a machine was made, so the same request has to be
 * asked again: the API's own faults, a token that stands for another request, an answer that nobody understands.
 */
export function readFailure(failure: ApiFailure, what: string): LaunchError | null {
  if (isUnclear(failure.code)) return null;
  const { kind, trouble, why, fix } = explainFailure(failure);
  return new LaunchError(kind, [`${what}: ${why}.`, fix].filter((text) => text !== "").join(" "), {
    trouble,
  });
}

/** The same of any call: why, without a full stop, and what to do about it where it was a launch. */
export function explainFailure({ code, message }: ApiFailure): Meaning & { why: string } {
  const meaning = meaningOf(code, message);
  const named = meaning.trouble === "permission" ? missingPermission(message) : null;
  const why = named === null ? `${code}: ${firstSentence(message)}` : `the permission ${named} is missing`;
  return { ...meaning, why };
}

/** Throws LaunchError where the answer says for certain that nothing was made, else what it was given. */
export function rethrow(error: unknown, what: string): never {
  if (error instanceof LaunchError) throw error;
  const failure = asApiFailure(error);
  const read = failure === null ? unreached(error, what) : readFailure(failure, what);
  if (read === null) throw error;
  read.cause = error;
  throw read;
}

const isUnclear = (code: string) =>
  /^(Internal|Service)|^Unavailable$|Unavailable$|^IdempotentParameterMismatch$|^TimeoutError$/.test(code) &&
  !(code in meanings);

function meaningOf(code: string, message: string): Meaning {
  // A signature that is dated wrongly is said by the same code as one that is wrong.
  if (/expired|not yet current/i.test(message) && meanings[code] === credentials && code.startsWith("Sig"))
    return clock;
  if (/user data is limited/i.test(message)) return meanings["InvalidUserData.Malformed"] as Meaning;
  return meanings[code] ?? wrong("other", "");
}

/** Without what only AWS can read, such as an encoded authorization message, and without its full stop. */
const firstSentence = (message: string) =>
  (message.split(/ Encoded authorization failure message|\n/)[0] ?? message)
    .trim()
    .replace(/\.$/, "")
    .slice(0, 300);

/** Nobody was there to be asked, so nothing was made. */
function unreached(error: unknown, what: string): LaunchError | null {
  const codes = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];
  const code = error instanceof Error ? connectionCode(error) : null;
  if (code === null || !codes.includes(code)) return null;
  return new LaunchError("unreachable", `${what}: AWS was not reached (${code}).`, { trouble: "network" });
}

/** Such as ECONNRESET; null for an answer of the API. */
function connectionCode(error: Error): string | null {
  const code = "code" in error ? String(error.code) : "";
  return /^E[A-Z_]+$/.test(code) ? code : null;
}
