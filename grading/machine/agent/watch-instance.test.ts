import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { InstanceNotice } from "../../protocol/messages.ts";
import { watchInstance } from "./watch-instance.ts";

const service = path.resolve(import.meta.dirname, "../../../infra/compute/ec2-local/metadata-service.mjs");
const interruption = JSON.stringify({ action: "terminate", time: "2024-11-12T18:02:00Z" });
const rebalance = JSON.stringify({ noticeTime: "2024-11-12T18:00:00Z" });
const asTold = {
  interruption: { kind: "interruption", at: "2024-11-12T18:02:00.000Z" },
  rebalance: { kind: "rebalance", at: "2024-11-12T18:00:00.000Z" },
};

let folder: string;
let child: ChildProcess;
let port: number;
let told: InstanceNotice[];
let said: string[];
let watch: { stop(): void } | null;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-metadata-"));
  await state({});
  port = 0;
  await startService();
  told = [];
  said = [];
  watch = null;
});
afterEach(async () => {
  watch?.stop();
  child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

async function state(next: object): Promise<void> {
  const file = path.join(folder, "state.json");
  await writeFile(`${file}.new`, JSON.stringify(next));
  await rename(`${file}.new`, file);
}

async function startService(): Promise<void> {
  child = spawn(process.execPath, [service, path.join(folder, "state.json"), String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, "data")) as [Buffer];
  port = Number(/^at (\d+)$/m.exec(String(line))?.[1]);
}

function start(tell: (notice: InstanceNotice) => Promise<void> = async () => undefined): void {
  watch = watchInstance({
    metadataAddress: `http://127.0.0.1:${port}`,
    tell: async (notice) => {
      await tell(notice);
      told.push(notice);
    },
    say: (line) => said.push(line),
    everyMs: 20,
  });
}

test("nothing is told while there is nothing to tell, and that is no trouble", async () => {
  start();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([told, said]).toEqual([[], []]);
});

test("each notice is told once, with its time, however long it stands", async () => {
  start();
  await state({ rebalance });
  await expect.poll(() => told).toEqual([asTold.rebalance]);
  await state({ rebalance, interruption });
  await expect.poll(() => told).toEqual([asTold.rebalance, asTold.interruption]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toHaveLength(2);
});

test("a service that starts again, and knows no token of before, is asked again", async () => {
  start();
  await new Promise((resolve) => setTimeout(resolve, 60));
  child.kill("SIGKILL");
  await once(child, "exit");
  await expect.poll(() => said.length).toBeGreaterThan(0);
  await state({ interruption });
  await startService();
  await expect.poll(() => told).toEqual([asTold.interruption]);
});

test("what could not be told is told again, and the same trouble is said once", async () => {
  let tries = 0;
  start(async () => {
    tries += 1;
    if (tries < 4) throw new Error("Drydock is away.");
  });
  await state({ interruption });
  await expect.poll(() => told).toEqual([asTold.interruption]);
  expect(said).toEqual(["not told of interruptions: Error: Drydock is away."]);
});

test("a notice that nobody can read is said, and the next one is told", async () => {
  start();
  await state({ interruption: "soon" });
  await expect.poll(() => said.length).toBe(1);
  await state({ interruption });
  await expect.poll(() => told).toEqual([asTold.interruption]);
});
