import { DescribeInstancesCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { expect } from "vitest";
import { systemClock } from "#infra/clock/clock.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import { openLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { localApi, localProvider } from "./support/ec2-machines.ts";
import { describeProvider } from "./support/provider-contract.ts";

describeProvider("ec2", async () => {
  const local = await openLocalEc2();
  const api = localApi(local);
  const provider = localProvider(local, api);
  const installation = `ins_contract_${process.pid}`;
  const Filters = [{ Name: `tag:${tagKeys.installation}`, Values: [installation] }];
  return {
    provider,
    installation,
    now: systemClock,
    agentAddress: "https://gateway.example.edu",
    async loseReply(spec) {
      local.proxy.faults.loseReply("CreateFleet");
      await expect(provider.launch(spec)).rejects.toThrow();
    },
    misconfigured: () => localProvider(local, api, { launchTemplate: "lt-0123456789abcdef0" }),
    async passLease({ instanceId }) {
      // The timer in the machine does this.
      await local.proxy.poweredOff(instanceId);
      await expect.poll(() => provider.terminate(instanceId)).toBe("gone");
    },
    async leftovers() {
      const { Reservations } = await api.reading.send(new DescribeInstancesCommand({ Filters }));
      const { Volumes } = await api.reading.send(new DescribeVolumesCommand({ Filters }));
      const instances = (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
      return [
        ...instances
          .filter(({ State }) => State?.Name !== "terminated")
          .map(({ InstanceId = "" }) => InstanceId),
        ...(Volumes ?? []).map(({ VolumeId = "" }) => VolumeId),
      ];
    },
    async close() {
      api.close();
      await local.close();
    },
  };
});
