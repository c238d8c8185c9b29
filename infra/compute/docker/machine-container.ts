import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { LaunchSpec } from "#grading/clusters/provider.ts";
import { machinePrivileges } from "#infra/machine/machine-capabilities.ts";
import { machineIdOf, machineLabels } from "./labels.ts";

/** For the whole machine: engine, agent and every container in it. */
const processLimit = 4096;

/** What the engine is asked for. The machine removes itself when it powers off, its volume with it. */
export function machineContainer(
  spec: LaunchSpec,
  machine: { image: string; gatewayDir: string },
): Docker.ContainerCreateOptions {
  const labels = machineLabels(spec);
  const bytes = Math.round(spec.profile.memoryMiB * 1024 * 1024);
  return {
    name: machineIdOf(spec.deployment, spec.clusterId),
    Hostname: "machine",
    Image: machine.image,
    Labels: labels,
    HostConfig: {
      ...machinePrivileges,
      AutoRemove: true,
      NetworkMode: "none",
      // Not the host's name server, which nothing in here may know.
      Dns: ["127.0.0.1"],
      NanoCpus: Math.round(spec.profile.cpus * 1e9),
      Memory: bytes,
      MemorySwap: bytes,
      PidsLimit: processLimit,
      LogConfig: { Type: "json-file", Config: { "max-size": "8m", "max-file": "1" } },
      Mounts: [
        // Without a name it is made and removed together with the container, by the engine itself.
        {
          Type: "volume",
          Source: "",
          Target: "/var/lib/docker",
          VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: { Name: "local", Options: {} } },
        },
        // The folder, not the socket in it: a worker that starts again makes a new socket.
        { Type: "bind", Source: machine.gatewayDir, Target: "/run/drydock/gateway", ReadOnly: true },
      ],
    },
  };
}

/** User data and agent as the boot script expects them; extracted at / before the first start. */
export async function machineFiles(spec: LaunchSpec, agentBundle: string): Promise<Readable> {
  const archive = pack();
  const agent = await readFile(agentBundle);
  archive.entry({ name: "opt/drydock/agent.mjs", mode: 0o644 }, agent);
  archive.entry({ name: "run/drydock/user-data.json", mode: 0o600 }, JSON.stringify(spec.userData));
  archive.finalize();
  return Readable.from(archive);
}
