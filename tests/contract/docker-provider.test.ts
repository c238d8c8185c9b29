import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { machineContainer } from "#infra/compute/docker/machine-container.ts";
import { startDockerMachines, untilRemoved } from "./support/docker-machines.ts";
import { describeProvider } from "./support/provider-contract.ts";

describeProvider("docker", async () => {
  const machines = await startDockerMachines();
  const { docker, deployment, provider, options } = machines;
  return {
    provider,
    deployment,
    now: () => new Date(),
    async loseReply(spec) {
      // A worker that died after the container was created and before it was filled and started.
      await docker.createContainer(machineContainer(spec, options));
    },
    misconfigured: () => createDockerProvider({ ...options, image: "drydock-machine:nobody-built-this" }),
    async passLease(machineId) {
      // The engine's own word, in real time: the timer in the machine is what is tested.
      await untilRemoved(docker, machineId);
    },
    leftovers: machines.leftovers,
    close: machines.close,
  };
});
