import type Docker from "dockerode";
import { expect, it } from "vitest";
import { launchMachine } from "./launch-machine.ts";

const answer = (statusCode: number) => () =>
  Promise.reject(Object.assign(new Error(`HTTP ${statusCode}`), { statusCode }));

/** A launch by an engine that answers so. */
const launchBy = (engine: object) =>
  launchMachine(
    {
      docker: engine as Docker,
      imageOf: () => "drydock-machine:x",
      agentBundle: import.meta.filename,
      gatewayDir: "/gateway",
      uplink: { kind: "socket" },
      runtime: null,
    },
    {
      installation: "ins_1",
      clusterId: "clu_1",
      profile: { name: "docker", cpus: 1, memoryMiB: 512 },
      userData: { agentAddress: "unix:/x", token: "t", leaseUntil: "2024-11-15T12:00:00Z" },
    },
  );

it("an engine that is still making the machine of an earlier call is no wrong set-up", async () => {
  const engine = { createContainer: answer(409), getContainer: () => ({ inspect: answer(404) }) };
  await expect(launchBy(engine)).rejects.toMatchObject({ name: "LaunchError", kind: "throttled" });
});

it("an engine without the image that the launch names is one", async () => {
  await expect(launchBy({ createContainer: answer(404) })).rejects.toMatchObject({ kind: "misconfigured" });
});
