import type Docker from "dockerode";
import { expect, it } from "vitest";
import { launchMachine } from "./launch-machine.ts";

const engineSaid = (statusCode: number, message: string) =>
  Object.assign(new Error(message), { statusCode, json: { message } });
const spec = {
  installation: "ins_1",
  clusterId: "clu_1",
  profile: { name: "kubernetes", cpus: 1, memoryMiB: 512 },
  userData: { agentAddress: "unix:/x", token: "t", leaseUntil: "2030-01-01T00:00:00.000Z" },
} as const;

it.each([
  ["is gone", engineSaid(404, "no such image: drydock-machine:abc"), ["kubernetes drydock-machine:abc"]],
  ["is there, and something else is missing", null, []],
  ["could not be asked for", engineSaid(500, "busy"), []],
])("an image that %s is told as it is when the engine knows no part of a launch", async (_, image, told) => {
  const gone: string[] = [];
  const docker = {
    createContainer: () => Promise.reject(engineSaid(404, "no such thing")),
    getImage: () => ({ inspect: () => (image === null ? Promise.resolve({}) : Promise.reject(image)) }),
  } as unknown as Docker;
  const launch = launchMachine(
    {
      docker,
      imageOf: () => "drydock-machine:abc",
      onImageGone: (profile, name) => void gone.push(`${profile} ${name}`),
      agentBundle: "/nowhere",
      gatewayDir: "/nowhere",
      uplink: { kind: "socket" } as never,
      runtime: null,
    },
    spec,
  );
  await expect(launch).rejects.toMatchObject({ kind: "misconfigured" });
  expect(gone).toEqual(told);
});
