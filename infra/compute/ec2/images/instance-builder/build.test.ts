import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builderUserData } from "../builder-user-data.ts";
import { packBuilderFiles } from "../pack-builder-files.ts";
import { readConsole } from "../read-console.ts";

const run = promisify(execFile);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-builder-"));
  for (const name of ["bin", "work", "root/var/tmp", "root/opt/drydock/boot", "root/etc/ssh"])
    await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, "root/etc/ssh/ssh_host_ed25519_key"), "the builder's");
  // What the instance has. The download is a copy.
  await program("bin/python3", `cat > /dev/null; cp "${folder}/archive" "$3"`);
  for (const name of ["systemctl", "cloud-init", "sleep"])
    await program(`bin/${name}`, `echo ${name} "$@" >> "${folder}/called"`);
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string, text: string) {
  await writeFile(path.join(folder, name), `#!/bin/bash\n${text}\n`);
  await chmod(path.join(folder, name), 0o755);
}

/** A builder whose recipe is this provision.sh. */
async function runBuilder(provision: string, changes: { sha256?: string } = {}) {
  const file = (name: string, text: string) => ({
    ...{ path: name, content: Buffer.from(`#!/bin/bash\n${text}\n`), executable: true },
  });
  await program("root/opt/drydock/boot/versions.sh", 'echo "engine 26.1.5"');
  const archive = await buffer(await packBuilderFiles([file("provision.sh", provision)], [], () => {}));
  await writeFile(path.join(folder, "archive"), archive);
  const userData = await builderUserData({
    archiveAddress: "https://bucket.example/it's?a=1&b=$(false)",
    archiveSha256: changes.sha256 ?? createHash("sha256").update(archive).digest("hex"),
    ...{ steps: ["packages", "boot"], minutes: 75 },
  });
  const script = path.join(folder, "user-data");
  await writeFile(script, userData);
  await run("bash", ["-n", script]);
  const env = {
    ...{ NODE_ENV: "test" as const, PATH: `${folder}/bin:/usr/bin:/bin` },
    ...{ root: `${folder}/root`, work: `${folder}/work`, console: `${folder}/console` },
  };
  await run("bash", [script, "now"], { env, timeout: 20_000 }).catch(() => undefined);
  const read = (name: string) => readFile(path.join(folder, name), "utf8");
  return { said: readConsole(await read("console")), called: await read("called"), read };
}

describe("a builder", () => {
  test("runs the steps in their order, says so, and powers off with its keys and cloud-init's notes removed", async () => {
    const { said, called, read } = await runBuilder(
      `echo "##drydock 1 Did $1"; echo "$1" >> "${folder}/ran"; [ ! -e "${folder}/never" ]`,
    );
    expect(said).toMatchObject({ step: "clean", versions: ["engine 26.1.5"], outcome: { is: "done" } });
    expect(await read("ran")).toBe("packages\nboot\n");
    expect(called).toMatch(
      /cloud-init status --wait\n(?:.*\n)*cloud-init clean --logs\nsleep 20\nsystemctl poweroff\n$/,
    );
    await expect(read("root/etc/ssh/ssh_host_ed25519_key")).rejects.toThrow("ENOENT");
    await expect(read("root/var/tmp/drydock-builder.tar.gz")).rejects.toThrow("ENOENT");
  });

  test("says where it failed and the last lines of its log, and powers off", async () => {
    const { said, called } = await runBuilder(
      'for i in {1..60}; do echo "line $i"; done; echo "E: no such package" >&2; exit 100',
    );
    expect(said).toMatchObject({ step: "packages", outcome: { is: "failed", status: "100" } });
    const lines = said.outcome.is === "failed" ? said.outcome.lastLines : [];
    expect(lines).toHaveLength(40);
    expect(lines.at(-1)).toBe("E: no such package");
    expect(called).toMatch(/systemctl poweroff\n$/);
  });

  test("runs nothing of an archive that is another one", async () => {
    const { said, called } = await runBuilder("exit 0", { sha256: "0".repeat(64) });
    expect(said).toMatchObject({ step: "fetch", outcome: { is: "failed", status: "1" } });
    expect(called).toMatch(/systemctl poweroff\n$/);
  });
});

test("user data that EC2 would not take are refused", async () => {
  const order = { archiveSha256: "", steps: [], minutes: 75 };
  await expect(
    builderUserData({ ...order, archiveAddress: `https://${"x".repeat(16_384)}` }),
  ).rejects.toThrow(/EC2 takes 16384/);
});
