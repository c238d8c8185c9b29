import { readStack } from "#infra/aws/stack/deploy-stack.ts";
import { connectEc2 } from "#infra/compute/ec2/ec2-api.ts";
import type { ImagePlace } from "#infra/compute/ec2/images/image-place.ts";
import { imagesFolder } from "#infra/compute/ec2/images/images-folder.ts";
import { loadConfig } from "#infra/config/config.ts";
import { createS3Store } from "#infra/storage/s3/s3-store.ts";
import { explained, openNamedStack, type StackOptions } from "../aws.ts";

export interface PlaceOptions extends StackOptions {
  /** Of an emulator, which is asked by path; AWS's own when not given. */
  s3Endpoint?: string;
}

/** Where images are made, as the deployed stack says. Throws CommandFailure where it cannot be asked. */
export async function openImagePlace(options: PlaceOptions): Promise<{ place: ImagePlace; close(): void }> {
  return explained(async () => {
    const stack = await openNamedStack(options);
    const outputs = await readStack(stack);
    const region = await stack.client.config.region();
    const api = connectEc2({ region });
    const store = createS3Store({
      bucket: outputs.BucketName,
      prefix: imagesFolder,
      region,
      endpoint: options.s3Endpoint ?? null,
    });
    return {
      place: {
        ...{ api, store, installation: outputs.Installation, deployment: loadConfig().deployment },
        ...{ subnetId: outputs.BuilderSubnetId, securityGroupId: outputs.BuilderSecurityGroupId },
        ...{ instanceTypes: outputs.InstanceTypes, volumeGiB: outputs.VolumeGib },
      },
      close: () => {
        api.close();
        store.close();
      },
    };
  });
}
