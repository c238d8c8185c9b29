import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startMotoServer } from "#infra/compute/ec2-local/moto/moto-server.ts";
import { ensureMotoPython } from "#infra/compute/ec2-local/moto/python-environment.ts";
import { loadConfig } from "#infra/config/config.ts";
import { isAlive } from "#infra/db/embedded/running-server.ts";

const { cacheDir } = loadConfig(process.env);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-moto-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A Python that makes an environment at once, and counts how often. */
async function fakePython(pip = "exit 0"): Promise<string> {
  const file = path.join(folder, "fake-python");
  await writeFile(
    file,
    `#!/bin/sh
case "$1" in
  -c) echo 3.13 ;;
  -m) echo made >> ${folder}/made; sleep 1; mkdir -p "$3/bin"; printf '#!/bin/sh\\n${pip}\\n' > "$3/bin/python"; chmod +x "$3/bin/python" ;;
esac
`,
    { mode: 0o755 },
  );
  return file;
}

describe("The Python environment", () => {
  test("is made once by several processes that want it, and again by none", async () => {
    const python = await fakePython();
    const options = { cacheDir: folder, python };
    const all = await Promise.all([1, 2, 3].map(() => ensureMotoPython(options)));
    expect(new Set(all).size).toBe(1);
    expect(await ensureMotoPython(options)).toBe(all[0]);
    const { stdout } = await promisify(execFile)("cat", [path.join(folder, "made")]);
    expect(stdout).toBe("made\n");
    expect(await readdir(path.join(folder, "python"))).toHaveLength(1);
  });

  test("is made where one that was making it was killed", async () => {
    const python = await fakePython();
    const made = await ensureMotoPython({ cacheDir: folder, python });
    const environment = path.dirname(path.dirname(made));
    await rm(environment, { recursive: true });
    const dead = spawn("true");
    await new Promise((resolve) => dead.once("exit", resolve));
    await writeFile(`${environment}.lock`, String(dead.pid));
    expect(await ensureMotoPython({ cacheDir: folder, python })).toBe(made);
  });

  test("names the Debian package that is missing", async () => {
    await expect(
      ensureMotoPython({ cacheDir: folder, python: path.join(folder, "none") }),
    ).rejects.toMatchObject({
      code: "python-missing",
      userMessage: expect.stringContaining("apt-get install python3)"),
    });
    const noVenv = path.join(folder, "no-venv");
    await writeFile(noVenv, '#!/bin/sh\n[ "$1" = -c ] && echo 3.13 || exit 1\n', { mode: 0o755 });
    await expect(ensureMotoPython({ cacheDir: folder, python: noVenv })).rejects.toMatchObject({
      code: "python-missing",
      userMessage: expect.stringContaining("apt-get install python3-venv)"),
    });
    const old = path.join(folder, "old");
    await writeFile(old, "#!/bin/sh\necho 3.9\n", { mode: 0o755 });
    await expect(ensureMotoPython({ cacheDir: folder, python: old })).rejects.toMatchObject({
      userMessage: expect.stringContaining("Python 3.9 is too old"),
    });
  });

  test("says what pip said, and leaves nothing half made", async () => {
    const python = await fakePython("echo No matching distribution >&2; exit 1");
    await expect(ensureMotoPython({ cacheDir: folder, python })).rejects.toMatchObject({
      code: "moto-not-installed",
      userMessage: expect.stringContaining("No matching distribution"),
    });
    expect(await readdir(path.join(folder, "python"))).toEqual([]);
  });
});

describe("The server", () => {
  test("answers on loopback and stops cleanly", async () => {
    const server = await startMotoServer({ cacheDir });
    expect((await fetch(new URL("/moto-api/data.json", server.url))).status).toBe(200);
    expect(new URL(server.url).hostname).toBe("127.0.0.1");
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  test("ends when its parent is killed", async () => {
    const program = path.join(import.meta.dirname, "start-moto.ts");
    const parent = spawn(process.execPath, ["--import", "tsx", program, cacheDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((resolve) =>
      createInterface({ input: parent.stdout }).once("line", (line) => resolve(Number(line))),
    );
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
  });

  test("that does not start says why", async () => {
    const cache = path.join(folder, "cache");
    const made = await ensureMotoPython({ cacheDir });
    const environment = path.basename(path.dirname(path.dirname(made)));
    await mkdir(path.join(cache, "python", environment, "bin"), { recursive: true });
    await symlink("/bin/false", path.join(cache, "python", environment, "bin", "python"));
    await expect(startMotoServer({ cacheDir: cache })).rejects.toMatchObject({ code: "moto-not-started" });
  });
});
