import { CfnBucket, CfnBucketPolicy } from "aws-cdk-lib/aws-s3";
import { CfnDeletionPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/**
 * Submissions and results. Taking the stack down keeps it: what students handed in is not infrastructure. An older
 * version can be had back for 30 days; what was never finished goes after a day.
 */
export function submissionsBucket(scope: Construct): CfnBucket {
  const bucket = new CfnBucket(scope, "Bucket", {
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: "BucketOwnerEnforced" }] },
    bucketEncryption: {
      serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
    versioningConfiguration: { status: "Enabled" },
    lifecycleConfiguration: {
      rules: [
        {
          id: "unfinished",
          status: "Enabled",
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
        {
          id: "replaced",
          status: "Enabled",
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          expiredObjectDeleteMarker: true,
        },
      ],
    },
  });
  const policy = new CfnBucketPolicy(scope, "BucketPolicy", {
    bucket: bucket.ref,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  });
  for (const kept of [bucket, policy]) {
    kept.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    kept.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  }
  return bucket;
}
