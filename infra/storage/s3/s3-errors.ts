import { errorCodes } from "#infra/aws-api/error-codes.ts";
import { missingPermission } from "#infra/aws-api/missing-permission.ts";
import type { BucketSettings } from "#infra/config/bucket.ts";
import { StorageError, type StorageTrouble } from "../storage-error.ts";

interface Asked {
  /** Such as s3:PutObject. */
  permission: string;
  settings: BucketSettings;
}

/** What is read of an error of the SDK; all of it may be missing. */
interface SdkError {
  name?: string;
  code?: string;
  message?: string;
  Region?: string;
  BucketRegion?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string> };
}

/** Codes of S3 (S3 API reference, "Error responses") and of the SDK's own errors. */
const troubles: Record<Exclude<StorageTrouble, "other">, readonly string[]> = {
  credentials: [
    ...[...errorCodes.noCredentials, ...errorCodes.badCredentials],
    ...["InvalidAccessKeyId", "InvalidToken", "TokenRefreshRequired"],
  ],
  clock: errorCodes.clock,
  permission: [...errorCodes.permission, "AllAccessDisabled", "AccountProblem", "Forbidden"],
  bucket: ["NoSuchBucket", "InvalidBucketName"],
  region: [
    "PermanentRedirect",
    "TemporaryRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
  ],
  throttled: [...errorCodes.throttled, "SlowDown", "TooManyRequests"],
  conflict: ["ConditionalRequestConflict", "OperationAborted"],
  unreachable: [
    ...["TimeoutError", "RequestTimeout", "InternalError", "ServiceUnavailable"],
    ...["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH"],
    ...["ENETUNREACH", "ERR_STREAM_PREMATURE_CLOSE", "ERR_SSL_WRONG_VERSION_NUMBER", "CERT_HAS_EXPIRED"],
  ],
};

/** The error as it concerns whoever runs Drydock; what is no error of the SDK stays what it is. */
export function asStorageError(error: unknown, asked: Asked): Error {
  if (error instanceof StorageError) return error;
  const read = error as SdkError;
  const trouble = troubleOf(read);
  if (trouble === "other" && read.$metadata === undefined) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const named = { ...asked, permission: missingPermission(read.message ?? "") ?? asked.permission };
  const permission = trouble === "permission" ? named.permission : null;
  return new StorageError(trouble, sentence(trouble, read, named), error, permission);
}

/** Whether the call may have done its work although it failed. */
export const mayHaveBeenDone = (error: unknown): boolean =>
  isCondition(error) ||
  codeOf(error as SdkError) === "NoSuchUpload" ||
  ["unreachable", "conflict"].includes(troubleOf(error as SdkError));

/** A write-once key that has a file already. */
export const isCondition = (error: unknown): boolean =>
  codeOf(error as SdkError) === "PreconditionFailed" || statusOf(error as SdkError) === 412;

export const isMissing = (error: unknown): boolean =>
  ["NoSuchKey", "NotFound"].includes(codeOf(error as SdkError));

export const isUploadGone = (error: unknown): boolean => codeOf(error as SdkError) === "NoSuchUpload";

const codeOf = ({ name, code }: SdkError): string =>
  name === undefined || name === "Error" ? (code ?? "") : name;
const statusOf = ({ $metadata }: SdkError): number => $metadata?.httpStatusCode ?? 0;

function troubleOf(error: SdkError): StorageTrouble {
  for (const [trouble, codes] of Object.entries(troubles)) {
    if (codes.includes(error.name ?? "") || codes.includes(error.code ?? ""))
      return trouble as StorageTrouble;
  }
  const status = statusOf(error);
  if (status === 301 || status === 307) return "region";
  if (status === 403) return "permission";
  if (status === 429) return "throttled";
  return status >= 500 ? "unreachable" : "other";
}

function sentence(trouble: StorageTrouble, error: SdkError, { permission, settings }: Asked): string {
  const { bucket, region, endpoint } = settings;
  const said = `S3 said ${codeOf(error) || statusOf(error)}: ${error.message ?? ""}`;
  switch (trouble) {
    case "credentials":
      return `S3 does not accept the credentials, or there are none: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where they are temporary), AWS_PROFILE, or give the computer a role. ${said}`;
    case "clock":
      return `The clock of this computer and that of S3 differ too much for a request to be believed: set the clock right. ${said}`;
    case "permission":
      return `The credentials of AWS_ACCESS_KEY_ID, AWS_PROFILE or the computer's role lack the permission ${permission} on the bucket ${bucket} of DRYDOCK_S3_BUCKET below DRYDOCK_S3_PREFIX. ${said}`;
    case "bucket":
      return `There is no bucket ${bucket}: set DRYDOCK_S3_BUCKET to one that exists, or make it. ${said}`;
    case "region": {
      const right =
        error.Region ?? error.BucketRegion ?? error.$response?.headers?.["x-amz-bucket-region"] ?? null;
      return `The bucket ${bucket} is not in ${region}: set AWS_REGION to ${right ?? "the region where it is"}. ${said}`;
    }
    case "throttled":
      return `S3 takes no more requests to the bucket ${bucket} at the moment, also after several tries. ${said}`;
    case "conflict":
      return `Another request writes to the same key of the bucket ${bucket} at this moment. ${said}`;
    case "unreachable":
      return `S3 does not answer, or broke off, ${endpoint === null ? `in the region ${region} of AWS_REGION` : `at ${endpoint} of DRYDOCK_S3_ENDPOINT`}. ${said}`;
    case "other":
      return `S3 refused what was asked for ${permission} on the bucket ${bucket} of DRYDOCK_S3_BUCKET. ${said}`;
  }
}
