import type { V1PodTemplateSpec } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { judgePorts, judgeQos, judgeResources } from "./judge-resources.ts";
import { resourceSettings } from "./settings.ts";

const template = (resources: object, ports: object[] = []): V1PodTemplateSpec =>
  ({ spec: { containers: [{ name: "web", resources, ports }] } }) as V1PodTemplateSpec;
const judge = (stated: object, wanted: object) =>
  judgeResources("Deployment web", template(stated), [resourceSettings.parse(wanted)]).flatMap(
    ({ problem }) => (problem ? [problem] : []),
  );

describe("judgeResources", () => {
  it("takes a quantity however it is written", () => {
    expect(
      judge({ requests: { cpu: "0.25", memory: "65536Ki" } }, { requests: { cpu: "250m", memory: "64Mi" } }),
    ).toEqual([]);
  });

  it("says which container states what, and what to set", () => {
    expect(judge({ requests: { cpu: "1" } }, { requests: { cpu: "250m" } })).toEqual([
      {
        happened: "Container web of Deployment web states resources.requests.cpu: 1.",
        fix: "Set resources.requests.cpu to 250m.",
      },
    ]);
    expect(judge({}, { limits: { memory: { max: "1Gi" } } })).toEqual([
      {
        happened: "Container web of Deployment web states no resources.limits.memory.",
        fix: "Set resources.limits.memory to at most 1Gi.",
      },
    ]);
  });

  it("keeps both ends of a range", () => {
    const wanted = { requests: { memory: { min: "32Mi", max: "64Mi" } } };
    expect(judge({ requests: { memory: "32Mi" } }, wanted)).toEqual([]);
    expect(judge({ requests: { memory: "64Mi" } }, wanted)).toEqual([]);
    expect(judge({ requests: { memory: "65Mi" } }, wanted)).toHaveLength(1);
  });

  it("names the containers that there are when the asked one is missing", () => {
    expect(judge({}, { container: "db", requests: { cpu: "1" } })[0]?.happened).toBe(
      "Deployment web has no container db; it has web.",
    );
  });

  it("refuses settings that are no quantities", () => {
    expect(resourceSettings.safeParse({ requests: { cpu: "much" } }).success).toBe(false);
  });
});

describe("judgePorts", () => {
  it("explains why hostPort is refused", () => {
    const parts = judgePorts("Deployment web", template({}, [{ containerPort: 80, hostPort: 80 }]), [80]);
    expect(parts.map(({ problem }) => problem === null)).toEqual([false, true]);
    expect(parts[0]?.problem?.happened).toContain("hostPort: 80");
  });

  it("names ports that no container declares", () => {
    const parts = judgePorts("Deployment web", template({}, [{ containerPort: 80 }]), [8080]);
    expect(parts[1]?.problem?.happened).toBe(
      "No container of Deployment web declares containerPort 8080; declared are 80.",
    );
  });
});

describe("judgeQos", () => {
  it("names the pod whose class differs", () => {
    const pods = [{ metadata: { name: "web-a" }, status: { qosClass: "BestEffort" } }];
    expect(judgeQos("Deployment web", pods, "Guaranteed").problem?.happened).toBe(
      "Pod web-a has the QoS class BestEffort.",
    );
    expect(judgeQos("Deployment web", pods, "BestEffort").problem).toBeNull();
  });
});
