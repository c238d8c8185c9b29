import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import Docker from "dockerode";
import { expect, test } from "vitest";
import { newId } from "#course/ids.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { startEngineProxy } from "#tests/faults/long/engine-proxy.ts";

test("an engine that went away is unreachable to launches and fails lists, and answers again when it is back", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "dd-away-"));
  const socketPath = path.join(folder, "docker.sock");
  const provider = createDockerProvider({
    docker: new Docker({ socketPath }),
    imageOf: () => "drydock-no-such-image",
    agentBundle: path.join(folder, "agent.mjs"),
    gatewayDir: folder,
    uplink: { kind: "socket" } as never,
    runtime: null,
    usdPerHour: 1,
    clock: systemClock,
  });
  const installation = newId("ins", systemClock());
  const launch = () =>
    provider.launch({
      installation,
      machineId: newId("mch", systemClock()),
      shape: { kind: "engine", cpus: 1, memoryMiB: 256 },
      userData: { agentAddress: "unix:/nowhere", token: "t", leaseUntil: systemClock().toISOString() },
    });
  const unreachable = {
    kind: "unreachable",
    message: expect.stringContaining("the Docker engine does not answer"),
  };
  // No socket at all, then one that nobody listens on.
  await expect(launch()).rejects.toMatchObject(unreachable);
  const proxy = await startEngineProxy(socketPath, "/var/run/docker.sock");
  expect(await provider.list(installation)).toEqual([]);
  proxy.close();
  await expect(provider.list(installation)).rejects.toThrow();
  await expect(launch()).rejects.toMatchObject(unreachable);
  const again = await startEngineProxy(socketPath, "/var/run/docker.sock");
  expect(await provider.list(installation)).toEqual([]);
  // It answers, and has no such image.
  await expect(launch()).rejects.toMatchObject({ kind: "misconfigured" });
  again.close();
  await rm(folder, { recursive: true, force: true });
});
