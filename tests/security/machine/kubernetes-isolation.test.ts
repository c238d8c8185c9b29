import { beforeAll, describe, expect, it } from "vitest";
import { attackCluster } from "./support/attacked-cluster.ts";
import type { AttackReport } from "./support/kubernetes-attacks/attack-report.ts";

let report: AttackReport;

beforeAll(async () => {
  report = await attackCluster();
}, 600_000);

describe("a student with all rights in a namespace of the run's Kubernetes", () => {
  const refused = (what: string) => {
    const said = report.api[what];
    expect(said, `${what} was tried`).toBeDefined();
    return said as AttackReport["api"][string];
  };

  it("may make an ordinary pod there", () => {
    expect(refused("make a pod that is allowed")).toEqual({ status: 200, words: "" });
  });

  it.each([
    "mount the node's files",
    "share the node's network",
    "share the node's processes",
    "take a port of the node",
    "run privileged",
    "add a capability",
    "switch seccomp off",
  ])("cannot let a pod %s, and is told which rule it breaks", (what) => {
    const { status, words } = refused(what);
    expect(status).toBe(403);
    expect(words).toContain("violates PodSecurity");
  });

  it("cannot let a container take more of the disk than the namespace allows", () => {
    const { status, words } = refused("take more of the disk than a container may");
    expect(status).toBe(403);
    expect(words).toContain("maximum ephemeral-storage usage per Container is 2Gi");
  });

  it.each([
    "make a webhook that blocks everything",
    "make a namespace",
    "make a kind of object",
    "make a volume of the node's files",
    "become administrator of the cluster",
    "give oneself more rights than one has",
    "take an address that is somebody else's",
    "take the pod security label off",
    "delete the quota",
    "read secrets of kube-system",
    "read secrets of all namespaces",
    "read secrets of the probe namespace",
    "list nodes",
    "reach a kubelet through the API server",
    "run a program in kube-system",
    "get a token of a service account of kube-system",
  ])("cannot %s", (what) => {
    expect(refused(what).status).toBe(403);
  });

  it("cannot use another cluster's administrator here", () => {
    expect(refused("come as another cluster's administrator").status).toBe(401);
  });

  it("is stopped by the quota long before ten thousand ConfigMaps", () => {
    expect(report.configMapsBeforeRefusal).toBeLessThan(200);
    expect(refused("make 10,000 ConfigMaps").words).toContain("exceeded quota");
  });

  it("cannot keep the machine with a finalizer that never ends", () => {
    // The machine had ended by itself when the report was read.
    expect(refused("delete what has a finalizer that never ends").status).toBe(200);
  });
});

describe("a pod of a student's", () => {
  it("reaches the API server and other pods", () => {
    expect(report.connections).toMatchObject({ "the API server": "open", "a neighbour": "open" });
  });

  it.each([
    "the machine, by its address in the cluster's network",
    "the machine, by its engine's own network",
    "the machine's registry",
    "etcd",
    "the controller manager",
    "the scheduler",
    "the kubelet's read-only port",
    "kube-proxy",
    "instance metadata",
    "the internet",
  ])("cannot connect to %s", (target) => {
    expect(report.connections[target]).toMatch(/refused|unreachable|timed out/);
  });

  it("is not known to kubelet and API server unless it names itself", () => {
    expect(report.connections).toMatchObject({
      "the kubelet, without a name": "answers 401",
      "the API server, without a name": "answers 401",
    });
  });

  it("is searched for what there is in the machine", () => {
    expect(report.machineAnswers).toBe(true);
    expect(report.machineFinds).toEqual(
      expect.arrayContaining([
        expect.stringContaining("answer.txt"),
        expect.stringContaining("docker.sock"),
        expect.stringContaining("user-data.json"),
      ]),
    );
  });

  it("finds neither hidden files nor the engine nor the agent's order", () => {
    expect(report.podFinds).toEqual([]);
  });
});

describe("the node that pods run on", () => {
  it("has neither hidden files nor the engine nor the agent's order", () => {
    expect(report.nodeFinds).toEqual([]);
  });
});
