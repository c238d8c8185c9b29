import { z } from "zod";
import { MissingVariables, oneOf, variable } from "./variable.ts";

export const bucketVariables = {
  DRYDOCK_STORAGE: oneOf(["disk", "s3"], "disk"),
  DRYDOCK_S3_BUCKET: variable(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional(),
    "the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens",
    "drydock-fall-2024",
  ),
  /** What the names of all objects begin with. */
  DRYDOCK_S3_PREFIX: variable(
    z
      .string()
      .regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*\/?$/)
      .transform((prefix) => prefix.replace(/\/?$/, "/"))
      .optional(),
    "folders of letters, digits, dots, underscores and hyphens, none beginning with a dot or a slash",
    "drydock/fall-2024",
  ),
  /** Of a server that speaks S3; without it AWS's own for the region. */
  DRYDOCK_S3_ENDPOINT: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    "an http or https address",
    "https://s3.example.edu",
  ),
};

/** A bucket, and how its server is reached. */
export interface BucketSettings {
  bucket: string;
  /** Empty, or ends with a slash. */
  prefix: string;
  region: string;
  /** null: AWS. */
  endpoint: string | null;
}

/** null: no bucket is named. Throws MissingVariables. */
export function readBucket(
  v: z.output<z.ZodObject<typeof bucketVariables>> & { AWS_REGION?: string | undefined },
): BucketSettings | null {
  if (v.DRYDOCK_S3_BUCKET === undefined) {
    if (v.DRYDOCK_STORAGE === "s3") throw new MissingVariables(["DRYDOCK_S3_BUCKET"], "must be");
    return null;
  }
  const endpoint = v.DRYDOCK_S3_ENDPOINT?.replace(/\/$/, "") ?? null;
  // Only AWS has regions; other servers take the name that S3 gave its first.
  const region = v.AWS_REGION ?? (endpoint === null ? undefined : "us-east-1");
  if (region === undefined) throw new MissingVariables(["AWS_REGION"], "must be");
  return { bucket: v.DRYDOCK_S3_BUCKET, prefix: v.DRYDOCK_S3_PREFIX ?? "", region, endpoint };
}
