import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Instance,
  LaunchError,
  type LaunchSpec,
  type MachineProvider,
} from "#grading/machines/provider.ts";

/** What one kind of provider must offer to be tested. */
export interface ProviderHarness {
  provider: MachineProvider;
  /** An installation that no other test uses. */
  installation: string;
  now(): Date;
  /** Where its machines' agents call. */
  agentAddress: string;
  /** A launch whose reply never arrived, or whose caller died half-way. */
  loseReply(spec: LaunchSpec): Promise<void>;
  /** The same provider, set up wrongly. */
  misconfigured(): MachineProvider;
  /** Lets time pass until the machine has ended itself. */
  passLease(machine: Instance): Promise<void>;
  /** Everything of the installation that the provider would still bill or store: machines, disks. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** What Drydock relies on, whatever makes the machines. */
export function describeProvider(name: string, start: () => Promise<ProviderHarness>): void {
  describe(`machine provider ${name}`, () => {
    let harness: ProviderHarness;
    let count = 0;
    beforeAll(async () => {
      harness = await start();
    });
    afterEach(async () => {
      const { provider, installation } = harness;
      for (const machine of await provider.list(installation)) await end(machine.instanceId);
    });
    afterAll(() => harness.close());

    const specOf = (leaseSeconds = 600, installation = harness.installation): LaunchSpec => {
      count += 1;
      return {
        installation,
        machineId: `clu-${count}`,
        shape: { kind: "engine", cpus: 1, memoryMiB: 768 },
        userData: {
          agentAddress: harness.agentAddress,
          token: `token-of-cluster-${count}-long-enough`,
          leaseUntil: new Date(harness.now().getTime() + leaseSeconds * 1000).toISOString(),
        },
      };
    };
    /** Asks until nothing of it is left. */
    const end = async (instanceId: string) => {
      while ((await harness.provider.terminate(instanceId)) !== "gone") await sleep(200);
    };
    const there = async (installation = harness.installation) =>
      (await harness.provider.list(installation)).filter((machine) => machine.state !== "gone");

    it("tells of a launched machine what it was asked for", async () => {
      const spec = specOf();
      const machine = await harness.provider.launch(spec);
      expect(machine).toMatchObject({ machineId: spec.machineId, installation: spec.installation });
      expect(["pending", "running"]).toContain(machine.state);
      expect(machine.leaseUntil.toISOString()).toBe(spec.userData.leaseUntil);
      expect(await there()).toEqual([expect.objectContaining({ instanceId: machine.instanceId })]);
    });

    it("says the same of a machine when it lists it as when it launched it", async () => {
      const launched = await harness.provider.launch(specOf());
      const [listed] = await there();
      expect({ ...listed, state: "any" }).toEqual({ ...launched, state: "any" });
    });

    it("answers a second launch of one machine with the same instance", async () => {
      const spec = specOf();
      const first = await harness.provider.launch(spec);
      const second = await harness.provider.launch(spec);
      expect(second.instanceId).toBe(first.instanceId);
      expect(second.launchedAt).toEqual(first.launchedAt);
      expect(await there()).toHaveLength(1);
    });

    it("makes one instance of launches of one machine at the same time", async () => {
      const spec = specOf();
      const machines = await Promise.all([1, 2, 3].map(() => harness.provider.launch(spec)));
      expect(new Set(machines.map((machine) => machine.instanceId)).size).toBe(1);
      expect(await there()).toHaveLength(1);
    });

    it("makes an instance of its own for each machine", async () => {
      const machines = [await harness.provider.launch(specOf()), await harness.provider.launch(specOf())];
      expect((await there()).map((machine) => machine.instanceId).sort()).toEqual(
        machines.map((machine) => machine.instanceId).sort(),
      );
    });

    it("completes a launch whose reply was lost instead of making a second machine", async () => {
      const spec = specOf();
      await harness.loseReply(spec);
      expect(await there()).toHaveLength(1);
      const machine = await harness.provider.launch(spec);
      expect(machine.state).toBe("running");
      expect(await there()).toHaveLength(1);
    });

    it("lists no machine of another installation", async () => {
      const other = specOf(600, `${harness.installation}-other`);
      const machine = await harness.provider.launch(other);
      expect(await there()).toEqual([]);
      expect(await there(other.installation)).toHaveLength(1);
      await end(machine.instanceId);
    });

    it("makes a machine of one id once for each installation, and ends only the one's own", async () => {
      const mine = specOf();
      const theirs = { ...mine, installation: `${harness.installation}-other` };
      const machine = await harness.provider.launch(mine);
      const other = await harness.provider.launch(theirs);
      expect(other.instanceId).not.toBe(machine.instanceId);
      await end(machine.instanceId);
      expect(await there()).toEqual([]);
      expect(await there(theirs.installation)).toMatchObject([{ instanceId: other.instanceId }]);
      await end(other.instanceId);
      expect(await there(theirs.installation)).toEqual([]);
    });

    it("has nothing left of a terminated machine, and is content to terminate it again", async () => {
      const machine = await harness.provider.launch(specOf());
      await end(machine.instanceId);
      expect(await there()).toEqual([]);
      expect(await harness.leftovers()).toEqual([]);
      await end(machine.instanceId);
    });

    it("takes the termination of an unknown machine as done", async () => {
      await expect(harness.provider.terminate("drydock-nobody-knows-this")).resolves.toBe("gone");
    });

    it("lets several callers terminate one machine at the same time", async () => {
      const machine = await harness.provider.launch(specOf());
      await Promise.all([1, 2, 3].map(() => end(machine.instanceId)));
      expect(await harness.leftovers()).toEqual([]);
    });

    it("has nothing that runs left of a machine whose lease ended, and lists what else is left", async () => {
      const machine = await harness.provider.launch(specOf(4));
      await harness.passLease(machine);
      for (const left of await there()) {
        expect(left).toMatchObject({ instanceId: machine.instanceId, state: "stopped" });
        await end(left.instanceId);
      }
      expect(await harness.leftovers()).toEqual([]);
    });

    it("blames a wrong set-up on the operator and leaves nothing behind", async () => {
      const launch = harness.misconfigured().launch(specOf());
      await expect(launch).rejects.toBeInstanceOf(LaunchError);
      await expect(launch).rejects.toMatchObject({ kind: "misconfigured" });
      expect(await harness.leftovers()).toEqual([]);
    });

    it("names a price that is not negative", async () => {
      expect(await harness.provider.priceOf(specOf().shape, harness.now())).toBeGreaterThanOrEqual(0);
    });
  });
}
