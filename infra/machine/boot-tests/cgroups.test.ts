import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = path.join(import.meta.dirname, "../boot/cgroups.sh");
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "drydock-cgroups-"));
});
afterEach(() => rm(root, { recursive: true }));
const read = async (file: string) => (await readFile(path.join(root, file), "utf8")).trim();

/** Files of a folder stand in for the kernel's. */
async function run(command: string, systemd = "/nonexistent"): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-c", `source "${script}"; ${command}`], {
    env: { ...process.env, cgroups: root, systemd },
  });
  return stdout.trim();
}

describe("on cgroup v2 the boot script", () => {
  beforeEach(async () => {
    await writeFile(path.join(root, "cgroup.controllers"), "cpuset cpu io memory pids\n");
    await writeFile(path.join(root, "cgroup.procs"), "");
    await writeFile(path.join(root, "memory.max"), "1073741824\n");
  });

  it("moves its processes to a leaf and gives every controller to the groups beside it", async () => {
    await writeFile(path.join(root, "cgroup.procs"), "1\n7\n");
    await mkdir(path.join(root, "drydock-init"));
    await run("divide_cgroups");
    // The last write stands: the kernel takes one process a write.
    expect(await read("drydock-init/cgroup.procs")).toBe("7");
    expect(await read("cgroup.subtree_control")).toBe("+cpuset +cpu +io +memory +pids");
  });

  it("leaves processes and controllers to systemd where that runs", async () => {
    await run("divide_cgroups", root);
    await expect(read("cgroup.subtree_control")).rejects.toThrow("ENOENT");
    expect(await read("drydock-build/pids.max")).toBe("512");
  });

  it("limits the builds' group to 512 processes and three quarters of the memory", async () => {
    await run("divide_cgroups");
    expect(await read("drydock-build/pids.max")).toBe("512");
    expect(await read("drydock-build/memory.max")).toBe("805306368");
  });
});

describe("on cgroup v1 the boot script", () => {
  it("limits the builds' group in the hierarchies of processes and memory", async () => {
    await mkdir(path.join(root, "pids"));
    await mkdir(path.join(root, "memory"));
    await writeFile(path.join(root, "memory/memory.limit_in_bytes"), "2147483648\n");
    await run("divide_cgroups");
    expect(await read("pids/drydock-build/pids.max")).toBe("512");
    expect(await read("memory/drydock-build/memory.limit_in_bytes")).toBe("1610612736");
    expect(await read("memory/drydock-build/memory.use_hierarchy")).toBe("1");
  });
});

describe("the memory of a machine without a limit is", () => {
  const total = "echo $(($(awk '/^MemTotal:/ {print $2}' /proc/meminfo) * 1024))";
  it.each(["9223372036854771712", "max"])("that of the computer when the kernel says %s", async (said) => {
    await writeFile(path.join(root, "limit"), `${said}\n`);
    expect(await run('memory_limit "$cgroups/limit"')).toBe(await run(total));
  });
});
