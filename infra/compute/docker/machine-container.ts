import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { processLimit } from "#grading/machines/machine-kind.ts";
import type { LaunchSpec, MachineShape } from "#grading/machines/provider.ts";
import { machinePrivileges } from "#infra/machine/machine-capabilities.ts";
import { instanceIdOf, machineLabels } from "./labels.ts";
import { gatewayMount, hostEntry } from "./uplink/uplink.ts";

/**
 * What the engine is asked for. The machine removes itself when it powers off, its volume with it. networkId: the
 * machine's own network where it calls by TCP; null gives it none, and the gateway's folder instead.
 */
export function machineContainer(
  spec: LaunchSpec,
  machine: { image: string; gatewayDir: string; networkId: string | null; runtime: string | null },
): Docker.ContainerCreateOptions {
  const labels = machineLabels(spec);
  const inside = machineInside(spec.shape, labels, machine.runtime);
  // The folder, not the socket in it: a worker that starts again makes a new socket.
  const gateway: Docker.MountSettings = {
    Type: "bind",
    Source: machine.gatewayDir,
    Target: gatewayMount,
    ReadOnly: true,
  };
  return {
    name: instanceIdOf(spec.installation, spec.machineId),
    Hostname: "machine",
    Image: machine.image,
    Labels: labels,
    HostConfig: {
      ...inside,
      AutoRemove: true,
      NetworkMode: machine.networkId ?? "none",
      ExtraHosts: machine.networkId === null ? [] : [hostEntry],
      Mounts: [...inside.Mounts, ...(machine.networkId === null ? [gateway] : [])],
    },
  };
}

/** What every container needs, and is held to, that a machine runs in. labels: of its volume. */
export function machineInside(shape: MachineShape, labels: Record<string, string>, runtime: string | null) {
  const bytes = Math.round(shape.memoryMiB * 1024 * 1024);
  // Without a name it is made and removed together with the container, by the engine itself.
  const engineRoot: Docker.MountSettings = {
    Type: "volume",
    Source: "",
    Target: "/var/lib/docker",
    VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: { Name: "local", Options: {} } },
  };
  return {
    ...machinePrivileges,
    ...(runtime === null ? {} : { Runtime: runtime }),
    // Not the host's name server, which nothing in here may know.
    Dns: ["127.0.0.1"],
    NanoCpus: Math.round(shape.cpus * 1e9),
    Memory: bytes,
    MemorySwap: bytes,
    PidsLimit: processLimit(shape.kind),
    LogConfig: { Type: "json-file", Config: { "max-size": "8m", "max-file": "1" } },
    Mounts: [engineRoot],
  } satisfies Docker.HostConfig;
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
