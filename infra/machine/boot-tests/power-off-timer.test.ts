import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";

const script = path.join(import.meta.dirname, "../boot/power-off-timer.sh");
let folder: string;
const timers: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-timer-"));
  await writeFile(path.join(folder, "busybox"), '#!/bin/sh\necho "busybox $*"\n');
  await chmod(path.join(folder, "busybox"), 0o755);
});
afterEach(async () => {
  for (const timer of timers.splice(0)) timer.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

const leaseFile = (name = "lease") => path.join(folder, name);
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const shorten = async (content: string, file = leaseFile()) => {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
};

/** The timer of a lease of so many seconds, with a power-off that only says so. */
async function start(leaseSeconds: number, file = leaseFile()) {
  const userData = `${file}.user-data.json`;
  const leaseUntil = new Date(Date.now() + leaseSeconds * 1000).toISOString();
  await writeFile(userData, JSON.stringify({ leaseUntil }));
  const timer = spawn("bash", [script, userData, file], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  timers.push(timer);
  const said = text(timer.stdout as NonNullable<typeof timer.stdout>);
  return { ended: once(timer, "exit").then(() => said) };
}

it("the machine ends at the lease of its run, though it was launched with one of an hour", async () => {
  const { ended } = await start(3600);
  await shorten(`${inSeconds(1)}\n`);
  expect(await ended).toMatch(/the lease ended at .*Z, powering off\nbusybox poweroff -f\n$/);
});

it("a word that names no time makes no lease longer and ends none", async () => {
  const words = ["99999999999", "never", "", "-5", "0", "1e3", "1; touch /tmp/x", "09"];
  const lives = words.map(async (word, index) => {
    await shorten(word, leaseFile(String(index)));
    const before = Date.now();
    expect(await (await start(2, leaseFile(String(index)))).ended).toContain("busybox poweroff -f");
    return Date.now() - before;
  });
  for (const life of await Promise.all(lives)) expect(life).toBeGreaterThanOrEqual(1000);
});

it("a shorter lease cannot be made longer again, by another word nor by none", async () => {
  // A pipe is written once it is read, and so the first word is taken before there is a second one.
  execFileSync("mkfifo", [leaseFile()]);
  const { ended } = await start(3600);
  await writeFile(leaseFile(), `${inSeconds(2)}\n`);
  await shorten(`${inSeconds(3000)}\n`);
  expect(await ended).toContain("busybox poweroff -f");
});
