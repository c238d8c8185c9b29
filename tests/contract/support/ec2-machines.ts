import { systemClock } from "#infra/clock/clock.ts";
import { connectEc2, type Ec2Api } from "#infra/compute/ec2/ec2-api.ts";
import { createEc2Provider, type Ec2ProviderOptions } from "#infra/compute/ec2/ec2-provider.ts";
import type { LocalEc2 } from "#infra/compute/ec2-local/local-ec2.ts";

/** As many as a fleet should be asked of. */
export const instanceTypes = ["c6a.large", "c7a.large", "c5a.large", "c6i.large", "m6a.large"];

export function localApi({ region, endpoint, credentials }: LocalEc2): Ec2Api {
  return connectEc2({ region, endpoint, credentials });
}

/** The provider, against a local EC2. */
export function localProvider(local: LocalEc2, api: Ec2Api, changes: Partial<Ec2ProviderOptions> = {}) {
  return createEc2Provider({
    ...{ api, region: local.region, launchTemplate: local.launchTemplate.id, instanceTypes },
    subnets: local.network.subnets.map(({ id }) => id),
    imageOf: () => local.imageId,
    ...{ besidesUsdPerHour: 0.0068, clock: systemClock },
    ...changes,
  });
}
