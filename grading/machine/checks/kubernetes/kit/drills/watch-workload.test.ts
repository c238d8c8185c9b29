import type http from "node:http";
import type { CoreV1Event, KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, it } from "vitest";
import { apiConfig, serveHttp, type TestServer } from "#tests/support/http-server.ts";
import { type WorkloadState, type WorkloadWatch, watchWorkload } from "./watch-workload.ts";

/** An API server with these lists, whose watches stay open for what a test sends. */
const lists: Record<string, unknown[]> = {
  deployments: [{ metadata: { name: "web", uid: "d" }, spec: { replicas: 2 } }],
  pods: [{ metadata: { name: "web-1", uid: "1" } }, { metadata: { name: "web-2", uid: "2" } }],
  endpointslices: [{ metadata: { name: "web-x", uid: "s" }, endpoints: [] }],
  events: [{ metadata: { name: "old", uid: "e" }, message: "before" }],
};
let server: TestServer;
let config: KubeConfig;
let watches: Map<string, http.ServerResponse>;
let over: AbortController;
let watch: WorkloadWatch | null;

beforeEach(async () => {
  watches = new Map();
  over = new AbortController();
  watch = null;
  server = await serveHttp((request, response) => {
    const kind = /\/(\w+)\?/.exec(`${request.url}?`)?.[1] ?? "";
    response.writeHead(200, { "Content-Type": "application/json" });
    if (request.url?.includes("watch=true")) {
      response.flushHeaders();
      watches.set(kind, response);
    } else response.end(JSON.stringify({ metadata: { resourceVersion: "1" }, items: lists[kind] }));
  });
  config = apiConfig(server);
});
afterEach(async () => {
  await watch?.close().catch(() => undefined);
  await server.close();
});

async function begin(onEvent: (event: CoreV1Event) => void = () => undefined) {
  const workload = { namespace: "student", deployment: "web", selector: "app=web", service: "web" };
  watch = await watchWorkload(config, workload, { onState: () => undefined, onEvent }, () => 7, over.signal);
  await expect.poll(() => watches.size).toBe(4);
  return watch;
}
const send = (kind: string, type: string, object: object) =>
  watches.get(kind)?.write(`${JSON.stringify({ type, object })}\n`);
const podCount = (count: number) => (state: WorkloadState) => state.pods.length === count;

it("knows everything that is there as soon as it has begun", async () => {
  const { now } = await begin();
  expect(now().deployment?.spec?.replicas).toBe(2);
  expect(now().pods.map(({ metadata }) => metadata?.name)).toEqual(["web-1", "web-2"]);
  expect(now().slices).toHaveLength(1);
});

it("keeps a pod that is gone as it was seen last, with the moment", async () => {
  const { until, gone } = await begin();
  send("pods", "DELETED", { metadata: { name: "web-1", uid: "1" }, status: { phase: "Failed" } });
  expect(await until(podCount(1), 5)).not.toBeNull();
  expect(gone).toMatchObject([
    { atMs: 7, pod: { metadata: { name: "web-1" }, status: { phase: "Failed" } } },
  ]);
});

it("wakes whoever waits with each change, and gives null when the time is over", async () => {
  const { until } = await begin();
  expect(await until(podCount(3), 0.05)).toBeNull();
  const waiting = until(podCount(3), 5);
  send("pods", "ADDED", { metadata: { name: "web-3", uid: "3" } });
  expect(await waiting).toEqual({ found: true });
});

it("tells of events that come while it watches, not of those before", async () => {
  const told: string[] = [];
  await begin((event) => told.push(event.message ?? ""));
  send("events", "ADDED", { metadata: { name: "new", uid: "n" }, message: "meanwhile" });
  await expect.poll(() => told).toEqual(["meanwhile"]);
});

it("throws to whoever waits when the check is over", async () => {
  const { until } = await begin();
  const waiting = expect(until(podCount(9), 60)).rejects.toThrow("time is over");
  over.abort(new Error("time is over"));
  await waiting;
});

it("throws to whoever waits when a watch breaks, and again at its end", async () => {
  const { until, close } = await begin();
  const waiting = expect(until(podCount(9), 60)).rejects.toThrow();
  send("pods", "ERROR", { code: 403, message: "no rights any more" });
  await waiting;
  await expect(close()).rejects.toThrow();
});
