import type { MotoApi } from "../moto/moto-api.ts";
import { xmlText } from "./xml.ts";

/** What does not change while it exists is asked of moto once. Throws ApiFailure of what does not exist. */
export function createLookUps(moto: MotoApi) {
  const zones = new Map<string, string>();
  const vcpus = new Map<string, number>();
  return {
    async zoneOfSubnet(subnet: string): Promise<string> {
      const known = zones.get(subnet);
      if (known !== undefined) return known;
      const answer = await moto.ec2("DescribeSubnets", { SubnetId: [subnet] });
      const zone = xmlText(answer, "subnetSet", "item", "availabilityZone");
      zones.set(subnet, zone);
      return zone;
    },
    async vcpusOf(type: string): Promise<number> {
      const known = vcpus.get(type);
      if (known !== undefined) return known;
      const answer = await moto.ec2("DescribeInstanceTypes", { InstanceType: [type] });
      const count = Number(xmlText(answer, "instanceTypeSet", "item", "vCpuInfo", "defaultVCpus"));
      vcpus.set(type, count);
      return count;
    },
    clear: () => zones.clear(),
  };
}

export type LookUps = ReturnType<typeof createLookUps>;
