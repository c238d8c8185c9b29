import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

const boot = path.join(import.meta.dirname, "../boot");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-options-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** What the engine is started with after this command of the boot script. */
async function optionsAfter(command: string, systemd = "/nonexistent"): Promise<string> {
  const sources = ["cgroups", "engine", "uplink"].map((name) => `source "${boot}/${name}.sh"`).join("; ");
  const { stdout } = await promisify(execFile)(
    "bash",
    ["-c", `set -uo pipefail; ${sources}; ${command}; echo "\${engine_options[*]}"`],
    { env: { ...process.env, cgroups: folder, systemd } },
  );
  return stdout.trim();
}

it("the engine keeps groups by itself where systemd has cgroup v2, and is told nothing elsewhere", async () => {
  expect(await optionsAfter("choose_cgroup_driver", folder)).toBe("");
  await writeFile(path.join(folder, "cgroup.controllers"), "memory pids\n");
  expect(await optionsAfter("choose_cgroup_driver")).toBe("");
  expect(await optionsAfter("choose_cgroup_driver", folder)).toBe("--exec-opt native.cgroupdriver=cgroupfs");
  expect(await optionsAfter("keep_engine_off 10.0.0.1; choose_cgroup_driver", folder)).toMatch(
    /--bip 10\.213\.0\.1\/24 .*--exec-opt native\.cgroupdriver=cgroupfs$/,
  );
});

it.each([
  ["172.17.0.1 192.168.0.2", "10.213"],
  ["10.213.7.7", "10.214"],
  ["10.214.0.1 10.213.9.9", "10.215"],
])("with %s outside, the engine's own networks are those of %s", async (addresses, own) => {
  expect(await optionsAfter(`keep_engine_off ${addresses}`)).toContain(`--bip ${own}.0.1/24`);
});

it("a gateway's address by HTTPS is kept from the engine's networks too", async () => {
  const userData = path.join(folder, "user-data.json");
  await writeFile(userData, JSON.stringify({ agentAddress: "https://10.213.0.9:8443/" }));
  expect(await optionsAfter(`close_uplink "${userData}"`)).toMatch(/--bip 10\.21[45]\.0\.1\/24/);
});
