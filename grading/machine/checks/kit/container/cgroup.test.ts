import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBuildGroup } from "../../docker/build/build-group.ts";
import { findFolder, openCgroup } from "./cgroup.ts";

/** Files as the kernel shows them; only the kernel itself is missing. */
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "drydock-cgroup-"));
});
afterEach(() => rm(root, { recursive: true }));

async function lay(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

const cpuStatV2 = `usage_usec 1502345
user_usec 1400000
system_usec 102345
core_sched.force_idle_usec 0
nr_periods 30
nr_throttled 14
throttled_usec 900123
nr_bursts 0
burst_usec 0
`;
const memoryEventsV2 = "low 0\nhigh 0\nmax 312\noom 4\noom_kill 3\noom_group_kill 0\n";

describe("a container's group on cgroup v2", () => {
  const folder = "cgroup/system.slice/docker-4f2a.scope";
  const open = () => openCgroup(4711, path.join(root, "proc"));
  beforeEach(() =>
    lay({
      "proc/4711/cgroup": "0::/system.slice/docker-4f2a.scope\n",
      "proc/self/mountinfo": `24 30 0:22 / /proc rw,nosuid - proc proc rw\n35 24 0:30 / ${root}/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n`,
      [`${folder}/cpu.max`]: "50000 100000\n",
      [`${folder}/cpu.stat`]: cpuStatV2,
      [`${folder}/memory.max`]: "100663296\n",
      [`${folder}/memory.events`]: memoryEventsV2,
      [`${folder}/pids.max`]: "64\n",
      [`${folder}/pids.events`]: "max 127\n",
    }),
  );

  test("tells limits, use, and what the kernel refused", async () => {
    const group = await open();
    expect(group.version).toBe(2);
    expect(await group.memoryLimit()).toBe(96 * 1024 ** 2);
    expect(await group.cpuLimit()).toBe(0.5);
    expect(await group.cpuSeconds()).toBeCloseTo(1.502345);
    expect(await group.throttledPeriods()).toBe(14);
    expect(await group.oomKills()).toBe(3);
    expect(await group.forksRefused()).toBe(127);
    expect(group.joinFiles).toEqual([path.join(root, folder, "cgroup.procs")]);
  });

  test("without limits says so instead of a number", async () => {
    await lay({ [`${folder}/cpu.max`]: "max 100000\n", [`${folder}/memory.max`]: "max\n" });
    const group = await open();
    expect([await group.memoryLimit(), await group.cpuLimit()]).toEqual([null, null]);
  });

  test("in a machine's own namespace lies below the machine's mount of it", async () => {
    await lay({
      "proc/4711/cgroup": "0::/docker/4f2a\n",
      "proc/self/mountinfo": `35 24 0:30 / ${root}/cgroup rw - cgroup2 cgroup rw\n`,
      "cgroup/docker/4f2a/memory.max": "6291456\n",
    });
    expect(await (await open()).memoryLimit()).toBe(6_291_456);
  });
});

test("a container's group on cgroup v1 tells the same, each from its own hierarchy", async () => {
  const mount = (name: string) => `30 25 0:26 / ${root}/cgroup/${name} rw - cgroup cgroup rw,${name}\n`;
  await lay({
    "proc/4711/cgroup": "12:pids:/docker/ab\n9:memory:/docker/ab\n4:cpu,cpuacct:/docker/ab\n0::/docker/ab\n",
    "proc/self/mountinfo": ["pids", "memory", "cpu,cpuacct"].map(mount).join(""),
    "cgroup/memory/docker/ab/memory.limit_in_bytes": "9223372036854771712\n",
    "cgroup/memory/docker/ab/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
    "cgroup/cpu,cpuacct/docker/ab/cpu.cfs_quota_us": "25000\n",
    "cgroup/cpu,cpuacct/docker/ab/cpu.cfs_period_us": "100000\n",
    "cgroup/cpu,cpuacct/docker/ab/cpu.stat": "nr_periods 9\nnr_throttled 5\nthrottled_time 12345\n",
    "cgroup/cpu,cpuacct/docker/ab/cpuacct.usage": "1500000000\n",
    "cgroup/pids/docker/ab/pids.events": "max 8\n",
  });
  const group = await openCgroup(4711, path.join(root, "proc"));
  expect(group.version).toBe(1);
  expect(await group.memoryLimit()).toBeNull();
  expect(await group.cpuLimit()).toBe(0.25);
  expect(await group.cpuSeconds()).toBe(1.5);
  expect(await group.throttledPeriods()).toBe(5);
  expect(await group.oomKills()).toBe(2);
  expect(await group.forksRefused()).toBe(8);
});

describe("the builds' group", () => {
  test("on cgroup v2 has limits and counts in one folder", async () => {
    await lay({
      "cgroup.controllers": "cpuset cpu io memory pids\n",
      "drydock-build/pids.max": "512\n",
      "drydock-build/pids.events": "max 40\n",
      "drydock-build/memory.max": "1610612736\n",
      "drydock-build/memory.events": memoryEventsV2,
    });
    const group = await openBuildGroup(root);
    expect(group).toMatchObject({ processLimit: 512, memoryLimit: 1536 * 1024 ** 2 });
    expect(await group?.forksRefused()).toBe(40);
    expect(await group?.memoryUsedUp()).toBe(3);
  });

  test("counts refusals that the kernel notes at the step instead of at the limit", async () => {
    await lay({
      "pids/drydock-build/pids.max": "512\n",
      "pids/drydock-build/pids.events": "max 0\n",
      "pids/drydock-build/buildkit/pids.events": "max 0\n",
      "pids/drydock-build/buildkit/step1/pids.events": "max 7\n",
      "pids/drydock-build/buildkit/step2/pids.events": "max 5\n",
      "memory/drydock-build/memory.limit_in_bytes": "1610612736\n",
      "memory/drydock-build/memory.failcnt": "21\n",
    });
    const group = await openBuildGroup(root);
    expect(await group?.forksRefused()).toBe(12);
    expect(await group?.memoryUsedUp()).toBe(21);
  });

  test("is cleared by ending the processes of every step in it", async () => {
    const child = spawn("sleep", ["600"]);
    await lay({
      "cgroup.controllers": "memory pids\n",
      "drydock-build/pids.max": "512\n",
      "drydock-build/pids.current": "1\n",
      "drydock-build/cgroup.procs": "",
      "drydock-build/memory.max": "max\n",
      "drydock-build/buildkit/cgroup.procs": "",
      "drydock-build/buildkit/step1/cgroup.procs": `${child.pid}\n`,
    });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => {
      // As the kernel would count.
      child.once("exit", async (_code, signal) => {
        await lay({ "drydock-build/pids.current": "0\n" });
        resolve(signal);
      });
    });
    const group = await openBuildGroup(root);
    await group?.clear();
    expect(await ended).toBe("SIGKILL");
  });

  test("without limits is no number, and where there is no group there is none", async () => {
    expect(await openBuildGroup(root)).toBeNull();
    await lay({
      "cgroup.controllers": "memory pids\n",
      "drydock-build/pids.max": "max\n",
      "drydock-build/memory.max": "max\n",
    });
    expect(await openBuildGroup(root)).toMatchObject({ processLimit: null, memoryLimit: null });
  });
});

describe("control groups are found", () => {
  test("on version 1, each controller in its own place", () => {
    const memberships = "12:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/docker/abc\n";
    const mounts =
      "30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n";
    expect(findFolder(memberships, mounts, "memory")).toEqual({
      version: 1,
      folder: "/sys/fs/cgroup/memory/docker/abc",
    });
    expect(findFolder(memberships, mounts, "cpuacct").folder).toBe("/sys/fs/cgroup/cpu,cpuacct/docker/abc");
  });
  test("on version 2, and where a mount shows only our own part of the tree", () => {
    const mounts = "30 25 0:26 /outer /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
    expect(findFolder("0::/outer/docker/abc\n", mounts, "memory")).toEqual({
      version: 2,
      folder: "/sys/fs/cgroup/docker/abc",
    });
  });
});
