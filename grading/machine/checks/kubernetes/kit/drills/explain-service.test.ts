import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { judgeServicePorts } from "../../service/judge-service-ports.ts";
import { podOf, requestsToReach } from "../../service/judge-spread.ts";
import { explainPort, judgeSelection, judgeTargets, targetNumber } from "./explain-service.ts";
import { findTarget } from "./traffic.ts";

const pod = (
  name: string,
  labels: Record<string, string>,
  ports: { name?: string; containerPort: number }[] = [],
) =>
  ({
    metadata: { name, labels },
    spec: { containers: [{ name: "web", ports }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  }) as V1Pod;

const service = (spec: V1Service["spec"]): V1Service => ({ metadata: { name: "web" }, spec });
const listens = (port: number, loopback = false) => ({
  address: loopback ? "127.0.0.1" : "0.0.0.0",
  port,
  loopback,
});
const refused = { reason: "refused", detail: "connect ECONNREFUSED" };

describe("a Service that reaches no pod", () => {
  test("is told which labels the pods have when its selector matches none of them", () => {
    const said = judgeSelection(service({ selector: { app: "wbe" } }), [
      pod("a", { app: "web", "pod-template-hash": "1" }),
    ]);
    expect(said?.happened).toBe(
      "The selector of Service web, app=wbe, matches no pod. The pods of its namespace have app=web.",
    );
  });

  test("is told when it has no selector at all", () => {
    expect(judgeSelection(service({}), [])?.happened).toContain("has no selector");
  });

  test("selects pods that are not on their way out only", () => {
    const ending = pod("a", { app: "web" });
    if (ending.metadata) ending.metadata.deletionTimestamp = new Date(0);
    expect(judgeSelection(service({ selector: { app: "web" } }), [ending])?.happened).toContain("no pod");
  });

  test("is told which names the ports have when its targetPort is none of them", () => {
    const wanted = service({ selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] });
    const said = judgeTargets(wanted, [pod("a", { app: "web" }, [{ name: "web", containerPort: 8080 }])], []);
    expect(said?.happened).toContain("they have web (8080)");
  });

  test("is told when the named port is for another protocol", () => {
    const wanted = service({
      selector: { app: "web" },
      ports: [{ port: 53, targetPort: "dns", protocol: "UDP" }],
    });
    const said = judgeTargets(wanted, [pod("a", { app: "web" }, [{ name: "dns", containerPort: 53 }])], []);
    expect(said?.happened).toContain("which the pods have for TCP only");
  });

  test("is told where the container listens when the target port refuses", () => {
    expect(explainPort("Service web", "web-1", 8000, 80, refused, [listens(8080)])).toEqual({
      happened:
        "Port 80 of Service web sends to port 8000 of pod web-1, which refuses connections: the container listens on port 8080.",
      fix: "Set targetPort: 8080 for port 80 of Service web, or let the program listen on port 8000.",
    });
  });

  test("is told when the program listens for the pod itself only", () => {
    const said = explainPort("Service web", "web-1", 8080, 80, refused, [listens(8080, true)]);
    expect(said.fix).toContain("0.0.0.0");
  });
});

test("a named target port is the number that the pod gives it", () => {
  const one = pod("a", {}, [{ name: "http", containerPort: 8080 }]);
  expect([targetNumber(one, "http"), targetNumber(one, 81), targetNumber(one, "82")]).toEqual([8080, 81, 82]);
});

describe("where the load goes", () => {
  const cluster = { nodes: [{ address: "172.18.0.3" }] } as unknown as Parameters<typeof findTarget>[0];
  const way = { port: undefined, path: "/", via: "address" as const };
  const web = service({ clusterIP: "10.96.0.7", ports: [{ port: 80, nodePort: 30080 }] });

  test("is the Service's address, or its port on a node", () => {
    expect(findTarget(cluster, web, way)).toMatchObject({ target: { host: "10.96.0.7", port: 80 } });
    expect(findTarget(cluster, web, { ...way, via: "node-port" })).toMatchObject({
      target: { host: "172.18.0.3", port: 30080 },
    });
  });

  test("is nowhere when the port is for UDP, is not there, or the Service is headless", () => {
    for (const spec of [
      { clusterIP: "10.96.0.7", ports: [{ port: 80, protocol: "UDP" }] },
      { clusterIP: "10.96.0.7", ports: [] },
      { clusterIP: "None", ports: [{ port: 80 }] },
    ])
      expect(findTarget(cluster, service(spec), way).outcome).toBe("none");
  });
});

describe("type and ports of a Service", () => {
  const ports = [{ port: 80, targetPort: 8080, name: "http" }];

  test("hold when each field asked for is as stated, and others are free", () => {
    const wanted = { type: "ClusterIP" as const, ports: [{ port: 80, targetPort: 8080 }] };
    const parts = judgeServicePorts(service({ type: "ClusterIP", ports }), wanted);
    expect(parts.map(({ problem }) => problem)).toEqual([null, null]);
  });

  test("name the field that is another", () => {
    const wanted = { ports: [{ port: 80, targetPort: "http" }, { port: 443 }] };
    const parts = judgeServicePorts(service({ ports }), wanted);
    expect(parts.map(({ problem }) => problem?.happened)).toEqual([
      "Port 80 of Service web has targetPort: 8080.",
      "Service web has port 80.",
    ]);
  });

  test("tell a headless Service from one of type ClusterIP", () => {
    const headless = service({ type: "ClusterIP", clusterIP: "None" });
    expect(judgeServicePorts(headless, { type: "ClusterIP", ports: [] })[0]?.problem).not.toBeNull();
    expect(judgeServicePorts(headless, { type: "Headless", ports: [] })[0]?.problem).toBeNull();
  });
});

describe("which pod answered", () => {
  const answer = { status: 200, headers: { "x-pod": "web-1" }, body: '{"pod":{"name":"web-2"}}' };
  const pods = ["web-1", "web-2"];

  test("is read where the exercise says, else anywhere", () => {
    expect(podOf(answer, pods, { header: "X-Pod" })).toBe("web-1");
    expect(podOf(answer, pods, { json: "pod.name" })).toBe("web-2");
    expect(podOf({ ...answer, headers: {} }, pods, {})).toBe("web-2");
    expect(podOf(answer, ["web-3"], {})).toBeNull();
    expect(podOf({ ...answer, body: "no JSON" }, pods, { json: "pod" })).toBeNull();
  });

  test("takes more requests to be sure of, the more pods there are", () => {
    expect(requestsToReach(2)).toBeLessThan(requestsToReach(5));
    expect(requestsToReach(1)).toBe(1);
  });
});
