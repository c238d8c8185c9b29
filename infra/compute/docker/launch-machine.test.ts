import type Docker from "dockerode";
import { expect, it } from "vitest";
import { launchMachine } from "./launch-machine.ts";

const engineSaid = (statusCode: number, message = `HTTP ${statusCode}`) =>
  Object.assign(new Error(message), { statusCode, json: { message } });
const answer = (statusCode: number) => () => Promise.reject(engineSaid(statusCode));

/** A launch by an engine that answers so. */
const launchBy = (engine: object, onImageGone?: (machineKind: string, image: string) => void) =>
  launchMachine(
    {
      docker: engine as Docker,
      imageOf: () => "drydock-machine:abc",
      onImageGone,
      agentBundle: import.meta.filename,
      gatewayDir: "/gateway",
      uplink: { kind: "socket" },
      runtime: null,
    },
    {
      installation: "ins_1",
      machineId: "mch_1",
      shape: { kind: "engine+kubernetes", cpus: 1, memoryMiB: 512 },
      userData: { agentAddress: "unix:/x", token: "t", leaseUntil: "2024-11-15T12:00:00Z" },
    },
  );

it("an engine that is still making the machine of an earlier call is no wrong set-up", async () => {
  const engine = { createContainer: answer(409), getContainer: () => ({ inspect: answer(404) }) };
  await expect(launchBy(engine)).rejects.toMatchObject({ name: "LaunchError", kind: "throttled" });
});

it.each([
  [
    "is gone",
    engineSaid(404, "no such image: drydock-machine:abc"),
    ["engine+kubernetes drydock-machine:abc"],
    "insufficient-capacity",
  ],
  ["is there, and something else is missing", null, [], "misconfigured"],
  ["could not be asked for", engineSaid(500, "busy"), [], "misconfigured"],
])(
  "an image that %s is told as it is when the engine knows no part of a launch",
  async (_, image, told, kind) => {
    const gone: string[] = [];
    const engine = {
      createContainer: answer(404),
      getImage: () => ({ inspect: () => (image === null ? Promise.resolve({}) : Promise.reject(image)) }),
    };
    const launch = launchBy(engine, (machineKind, name) => void gone.push(`${machineKind} ${name}`));
    await expect(launch).rejects.toMatchObject({ kind });
    expect(gone).toEqual(told);
  },
);
