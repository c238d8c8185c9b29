import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { afterEach, describe, expect, it } from "vitest";
import { apiConfig, serveHttp, type TestServer } from "#tests/support/http-server.ts";
import { watched } from "../kit/api/watched.ts";
import { awaitSteady } from "./await-steady.ts";

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A cluster with one pod; phases: its phase at each list, the last one from then on. */
async function clusterWith(phases: string[]): Promise<KubeConfig> {
  const server = await serveHttp((request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    if (request.url?.includes("watch=true")) return response.flushHeaders();
    const phase = phases.length > 1 ? phases.shift() : phases[0];
    response.end(JSON.stringify({ metadata: {}, items: [{ metadata: { name: "a" }, status: { phase } }] }));
  });
  servers.push(server);
  return apiConfig(server);
}

const pods = watched("Pod", "student");
const isRunning = ([pod]: V1Pod[]) => pod?.status?.phase === "Running";
const { signal } = new AbortController();

describe("waiting until objects stay as they are wanted", () => {
  it("gives the objects as they were wanted, also when they need not stay so for any time", async () => {
    for (const steadySeconds of [0, 0.2]) {
      const waited = await awaitSteady(await clusterWith(["Running"]), pods, isRunning, {
        seconds: 5,
        steadySeconds,
        signal,
      });
      expect(waited).toMatchObject({ outcome: "steady", objects: [{ metadata: { name: "a" } }] });
    }
  });

  it("is late when they are wanted for a moment only", async () => {
    const config = await clusterWith(["Running", "Failed"]);
    const options = { seconds: 0.3, steadySeconds: 5, signal };
    expect(await awaitSteady(config, pods, isRunning, options)).toMatchObject({
      outcome: "late",
      objects: [{ status: { phase: "Failed" } }],
    });
  });
});
