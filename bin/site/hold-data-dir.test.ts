import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { holdDataDir } from "./hold-data-dir.ts";
import { isStillAlive, processBorn } from "./process-born.mjs";

let dataDir: string;
const started: ChildProcess[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), "drydock-hold-"));
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
});

/** A process that does nothing until it is ended. */
function idle(): { pid: number; born: string | null } {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  started.push(child);
  return { pid: child.pid as number, born: processBorn(child.pid as number) };
}

/** Numbers go up, so the next process has another one; this one has ended. */
async function ended(): Promise<{ pid: number; born: string | null }> {
  const child = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  const { pid } = child;
  const born = processBorn(pid as number);
  await once(child, "exit");
  return { pid: pid as number, born };
}

const quiet = () => undefined;
const holdFile = () => path.join(dataDir, "site.1.pid");
const write = (supervisor: object, parts: object[]) =>
  writeFile(holdFile(), JSON.stringify({ supervisor, parts }));

test("a second site in a data folder is refused with the first one's process, and may start once that gave it back", async () => {
  const first = await holdDataDir(dataDir, quiet);
  await expect(holdDataDir(dataDir, quiet)).rejects.toThrow(`(process ${process.pid})`);
  await first.release();
  const second = await holdDataDir(dataDir, quiet);
  await second.release();
  expect(await readdir(dataDir)).toEqual(["site.2.pid"]);
});

test("of many starts at once that find a dead holder exactly one gets the folder", async () => {
  await write(await ended(), []);
  const starts = await Promise.allSettled(Array.from({ length: 8 }, () => holdDataDir(dataDir, quiet)));
  const got = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  expect(got).toHaveLength(1);
  const [name = "none"] = await readdir(dataDir);
  expect(JSON.parse(await readFile(path.join(dataDir, name), "utf8")).supervisor.pid).toBe(process.pid);
  await got[0]?.release();
});

test.runIf(process.platform === "linux")(
  "a holder's number that another process has got since does not keep the folder",
  async () => {
    const { pid } = idle();
    await write({ pid, born: "1" }, []);
    const hold = await holdDataDir(dataDir, quiet);
    await hold.release();
    expect(isStillAlive({ pid, born: null })).toBe(true);
  },
);

test("a start after a holder and its watcher were killed ends the parts they left, and nobody else's process", async () => {
  const part = idle();
  const stranger = idle();
  await write(await ended(), [
    { ...part, signal: "SIGTERM" },
    { pid: stranger.pid, born: "1", signal: "SIGTERM" },
  ]);
  const steps: string[] = [];
  const hold = await holdDataDir(dataDir, (step) => steps.push(step));
  expect(isStillAlive(part)).toBe(false);
  expect(isStillAlive(stranger)).toBe(process.platform === "linux");
  expect(steps).toEqual(["Ending what a killed start has left"]);
  await hold.release();
});

test("when the supervisor is killed its parts are ended, without another start", async () => {
  const part = idle();
  const source = `
    import { holdDataDir } from ${JSON.stringify(path.resolve("bin/site/hold-data-dir.ts"))};
    const hold = await holdDataDir(${JSON.stringify(dataDir)}, () => {});
    await hold.record(${part.pid}, "SIGTERM");
    console.log("recorded");
    setInterval(() => {}, 1000);
  `;
  const supervisor = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(supervisor);
  await once(supervisor.stdout, "data");
  expect(isStillAlive(part)).toBe(true);
  supervisor.kill("SIGKILL");
  await vi.waitFor(() => expect(isStillAlive(part)).toBe(false), { timeout: 15_000, interval: 20 });
});
