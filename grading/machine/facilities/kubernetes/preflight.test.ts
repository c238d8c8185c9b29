import { describe, expect, it } from "vitest";
import { missingFileSystems, missingFrom } from "./preflight.ts";

const v1 = [
  "#subsys_name\thierarchy\tnum_cgroups\tenabled",
  "cpuset\t3\t5\t1",
  "cpu\t1\t5\t1",
  "cpuacct\t2\t5\t1",
  "memory\t4\t5\t0",
  "pids\t8\t5\t1",
].join("\n");

describe("what a host lacks for a Kubernetes node", () => {
  it("is named when a controller of cgroup v1 is switched off", () => {
    expect(missingFrom(v1, 1)).toEqual([expect.stringContaining("cgroup controller memory")]);
  });

  it("is named when a controller of cgroup v2 is not handed down", () => {
    expect(missingFrom("cpuset cpu memory\n", 2)).toEqual([
      expect.stringContaining("cgroup controller pids"),
    ]);
  });

  it("is nothing when all controllers are there", () => {
    expect(missingFrom("cpuset cpu io memory pids\n", 2)).toEqual([]);
  });

  it("is named when the kernel has no overlay", () => {
    expect(missingFileSystems("nodev\ttmpfs\nnodev\tproc\n\text4\n")).toEqual([
      expect.stringContaining("file system overlay"),
    ]);
  });
});
