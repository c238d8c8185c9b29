import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeInstancesCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { expect, vi } from "vitest";
import { systemClock } from "#infra/clock/clock.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import { openLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { accountOfEnvironment, type Ec2Place } from "./support/ec2-account.ts";
import { localApi, localProvider } from "./support/ec2-machines.ts";
import { describeProvider } from "./support/provider-contract.ts";

async function localPlace(): Promise<Ec2Place> {
  const local = await openLocalEc2();
  const api = localApi(local);
  return {
    api,
    open: (changes) => localProvider(local, api, changes),
    loseReply: () => local.proxy.faults.loseReply("CreateFleet"),
    powerOff: (instanceId) => local.proxy.poweredOff(instanceId),
    async close() {
      api.close();
      await local.close();
    },
  };
}

const account = accountOfEnvironment();
// An instance of AWS takes a minute to end.
if (account !== null) vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

describeProvider("ec2", async () => {
  const place = account ?? (await localPlace());
  const { api } = place;
  const provider = place.open();
  const installation = `ins_contract_${randomBytes(4).toString("hex")}`;
  const Filters = [{ Name: `tag:${tagKeys.installation}`, Values: [installation] }];
  const left = async () => {
    const { Reservations } = await api.reading.send(new DescribeInstancesCommand({ Filters }));
    const { Volumes } = await api.reading.send(new DescribeVolumesCommand({ Filters }));
    const instances = (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
    return [
      ...instances
        .filter(({ State }) => State?.Name !== "terminated")
        .map(({ InstanceId = "" }) => InstanceId),
      ...(Volumes ?? []).map(({ VolumeId = "" }) => VolumeId),
    ];
  };
  return {
    provider,
    installation,
    now: systemClock,
    agentAddress: "https://gateway.example.edu",
    async loseReply(spec) {
      place.loseReply();
      await expect(provider.launch(spec)).rejects.toThrow();
      // An account shows it when it likes.
      await expect.poll(() => provider.list(installation), { timeout: 60_000 }).not.toEqual([]);
    },
    misconfigured: () => place.open({ launchTemplate: "lt-0123456789abcdef0" }),
    async passLease({ instanceId }) {
      await place.powerOff(instanceId);
      await expect.poll(() => provider.terminate(instanceId)).toBe("gone");
    },
    async leftovers() {
      // A disk goes some seconds after its instance.
      for (let tries = 0; tries < 30 && (await left()).length > 0; tries++) await sleep(1_000);
      return left();
    },
    close: () => place.close(),
  };
});
