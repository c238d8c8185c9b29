import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { keepEmbedded } from "#bin/site/keep-embedded.ts";
import { machinesLeft } from "#bin/site/machines-left.ts";
import { createDb } from "#infra/db/connection/client.ts";
import { readRunningServer } from "#infra/db/embedded/running-server.ts";
import { startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { migrate } from "#infra/db/schema/migrate.ts";
import { launchFor, openFleetBench, takeOrder } from "#tests/integration/runs/fleet-bench.ts";

test("a site's Postgres that is ended runs again at the same address, and whoever works in it goes on", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "drydock-kept-"));
  const first = await startEmbeddedPostgres({ dataDir });
  await migrate(first.url);
  const recorded: number[] = [];
  const said: string[] = [];
  const hold = { record: async (pid: number) => void recorded.push(pid) };
  const kept = await keepEmbedded(first, dataDir, hold, (sentence) => said.push(sentence));
  const db = createDb(first.url);
  try {
    expect(await db.user.count()).toBe(0);
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const before = said.length;
      process.kill(recorded.at(-1) ?? 0, signal);
      await expect.poll(() => said.length, { timeout: 60_000 }).toBe(before + 1);
      await expect.poll(() => db.user.count().catch(() => null), { timeout: 10_000 }).toBe(0);
    }
    expect(new Set(recorded).size).toBe(3);
  } finally {
    await db.$disconnect();
    await kept?.stop();
  }
  expect(await readRunningServer(path.join(dataDir, "cluster"))).toBeNull();
  await rm(dataDir, { recursive: true, force: true });
});

test("at a stop the machines that grade on are counted, and not those that no run has", async () => {
  const bench = await openFleetBench({ fleetMax: 3 });
  try {
    expect(await machinesLeft(bench.url)).toBeNull();
    await takeOrder(bench, (await bench.submit()).runId);
    const { machineId } = await launchFor(bench, (await bench.submit()).runId);
    const ended = await launchFor(bench, (await bench.submit()).runId);
    await bench.store.endMachine({ machineId: ended.machineId, how: "drain", reason: "Enough." });
    const { leaseUntil } = await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } });
    expect(await machinesLeft(bench.url)).toEqual({ machines: 2, until: leaseUntil });
  } finally {
    await bench.close();
  }
});
