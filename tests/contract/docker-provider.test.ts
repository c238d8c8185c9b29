import { setTimeout as pause } from "node:timers/promises";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { machineContainer } from "#infra/compute/docker/machine-container.ts";
import { makeNetwork } from "#infra/compute/docker/machine-network.ts";
import { startDockerMachines, untilRemoved } from "./support/docker-machines.ts";
import { describeProvider, type ProviderHarness } from "./support/provider-contract.ts";

async function startDocker(setting: "socket" | "tcp"): Promise<ProviderHarness> {
  const machines = await startDockerMachines(setting);
  const { docker, installation, provider, options } = machines;
  return {
    provider,
    installation,
    now: () => new Date(),
    agentAddress: machines.gateway.address,
    async loseReply(spec) {
      // A worker that died after the container was created and before it was filled and started.
      const networkId = setting === "tcp" ? (await makeNetwork(docker, spec)).id : null;
      await docker.createContainer(machineContainer(spec, { ...options, image: machines.image, networkId }));
    },
    misconfigured: () =>
      createDockerProvider({ ...options, imageOf: () => "drydock-machine:nobody-built-this" }),
    async passLease({ instanceId, leaseUntil }) {
      // The engine's own word, in real time: the timer in the machine is what is tested.
      await untilRemoved(docker, instanceId);
      // It counts whole seconds, and so may end a part of one too early.
      await pause(Math.max(0, leaseUntil.getTime() - Date.now()));
    },
    leftovers: machines.leftovers,
    close: machines.close,
  };
}

describeProvider("docker, by socket", () => startDocker("socket"));
describeProvider("docker, by TCP", () => startDocker("tcp"));
