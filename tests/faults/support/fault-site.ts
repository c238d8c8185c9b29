import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { startTestDatabase } from "#tests/support/database.ts";
import { seedCourse, seedSubmission, seedUser } from "#tests/support/seed.ts";
import { openFaultPoints } from "./fault-points.ts";
import { createProcessProvider, killMachine, listMachines, stopOrContinue } from "./process-provider.ts";

type Steering = "lose-launch-reply" | "fail-terminate" | "hang";
type Step = "launch" | "session" | "run" | "files" | "result";

/** Real Postgres, the real worker as a process, machines as processes; the test kills what it likes. */
export async function openFaultSite(options: { redisUrl?: string } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "drydock-faults-"));
  const machinesDir = path.join(folder, "machines");
  await mkdir(machinesDir);
  const { db, url, siteUrl, server, close } = await startTestDatabase();
  const course = await seedCourse(db);
  const files = createDiskStore(path.join(folder, "files"));
  await files.put(`exercises/${"e".repeat(64)}/hidden.tar`, Readable.from(["hidden"]));
  const points = await openFaultPoints(url);
  const log: string[] = [];
  let worker: ChildProcess | null = null;
  let number = 0;

  const kill = async () => {
    if (worker === null) return;
    const ended = once(worker, "exit");
    worker.kill("SIGKILL");
    await ended;
    worker = null;
  };
  const hold = (step: Step) => writeFile(path.join(machinesDir, `hold-${step}`), "");
  const unhold = (step: Step) => rm(path.join(machinesDir, `hold-${step}`), { force: true });

  return {
    db,
    url,
    points,
    log,
    hold,
    unhold,
    /** Resolves when a launch waits at hold-launch. */
    launchHeld: () => until(async () => existsSync(path.join(machinesDir, "launch-held"))),
    /** See process-provider.ts. */
    steer: (name: Steering) => writeFile(path.join(machinesDir, name), ""),
    unsteer: (name: Steering) => rm(path.join(machinesDir, name), { force: true }),
    listMachines: () => listMachines(machinesDir),
    killMachine: (machineId: string) => killMachine(machinesDir, machineId),
    silence: (machineId: string) => stopOrContinue(machinesDir, machineId, "SIGSTOP"),
    wake: (machineId: string) => stopOrContinue(machinesDir, machineId, "SIGCONT"),
    /** A machine that is in the provider and in no database. */
    plantMachine: async (machineId: string, whose: "ours" | "another's") =>
      createProcessProvider(machinesDir).launch({
        installation: whose === "ours" ? await ensureInstallation(db, new Date()) : "ins_another",
        machineId,
        shape: { kind: "engine", cpus: 1, memoryMiB: 512 },
        userData: {
          agentAddress: `unix:${path.join(folder, "nowhere.sock")}`,
          token: "planted",
          leaseUntil: new Date(Date.now() + 60_000).toISOString(),
        },
      }),
    startWorker: async () => {
      worker = spawn(
        process.execPath,
        ["--import", "tsx", fileURLToPath(new URL("./worker-child.ts", import.meta.url))],
        {
          env: {
            ...process.env,
            WORKER_DATABASE_URL: siteUrl,
            WORKER_REDIS_URL: options.redisUrl ?? "",
            WORKER_FOLDER: folder,
          },
          stdio: ["ignore", "pipe", "pipe", "ipc"],
        },
      );
      for (const out of [worker.stdout, worker.stderr]) out?.on("data", (chunk) => log.push(String(chunk)));
      const ready = once(worker, "message");
      const died = once(worker, "exit").then(() => Promise.reject(new Error(log.join(""))));
      died.catch(() => undefined); // Only a death before it is ready matters here.
      await Promise.race([ready, died]);
    },
    killWorker: kill,
    /** The worker does nothing meanwhile, and nobody is told. */
    suspendWorker: async (ms: number) => {
      worker?.kill("SIGSTOP");
      await pause(ms);
      worker?.kill("SIGCONT");
    },
    /** As the worker reads it. */
    jumpClock: (ms: number) => void worker?.send({ jumpMs: ms }),
    stopPostgres: async (ms: number) => {
      await server.halt();
      await pause(ms);
      await server.resume();
    },
    /** Asks for an orderly end and returns the exit status. */
    stopWorker: async () => {
      if (worker === null) return null;
      const ended = once(worker, "exit");
      worker.kill("SIGTERM");
      const [status] = await ended;
      worker = null;
      return status as number | null;
    },
    /** By a student of its own: one student's runs go one after the other. */
    submit: async () => {
      number += 1;
      const { courseId, courseSlug, sectionIds } = course;
      const student = { name: `Student ${number}`, role: "student", sectionId: sectionIds.graduate } as const;
      const userId = await seedUser(db, { ...student, courseId, courseSlug });
      const seeded = await seedSubmission(db, course, { userId, at: new Date() });
      await files.put(`submissions/${seeded.submissionId}`, Readable.from(["work"]));
      return seeded;
    },
    runState: (runId: string, ...states: string[]) =>
      until(async () => states.includes((await db.run.findUniqueOrThrow({ where: { id: runId } })).state)),
    /** Waits for the end of everything and holds it against the rules that always hold. */
    expectGradedOnce: async (submissionId: string) => {
      const read = () =>
        db.run.findMany({ where: { submissionId }, include: { checks: true, claims: true } });
      await until(async () => (await read()).every((run) => run.finishedAt !== null));
      await until(async () => (await db.machine.count({ where: { state: { not: "terminated" } } })) === 0);
      const [run, ...others] = await read();
      expect(others).toEqual([]);
      if (!run) throw new Error("The submission has no run.");
      expect(run).toMatchObject({ state: "graded", counts: true, reason: null });
      expect(Number(run.score)).toBe(20);
      expect(run.checks.map((check) => [check.checkId, check.attempt]).sort()).toEqual([
        ["build", run.attempt],
        ["files", run.attempt],
      ]);
      expect(run.claims.filter((claim) => claim.closedAt === null)).toEqual([]);
      expect(run.platformFaults).toBeLessThan(3);
      const machines = await db.machine.findMany({ where: { runId: run.id } });
      for (const machine of machines) {
        expect(machine.costUsd).not.toBeNull();
        // 3600 USD an hour are 1 a second: the cost is the seconds that the machine existed.
        if (machine.bootingAt !== null) expect(Number(machine.costUsd)).toBeGreaterThan(0);
        expect(machine.terminatedAt?.getTime()).toBeLessThanOrEqual(machine.leaseUntil.getTime());
      }
      await until(async () => (await listMachines(machinesDir)).length === 0);
      return { run, machines };
    },
    close: async () => {
      await kill();
      for (const machine of await listMachines(machinesDir))
        await killMachine(machinesDir, machine.machineId);
      await points.close();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type FaultSite = Awaited<ReturnType<typeof openFaultSite>>;

/** Looks until it is so; the test's own time limit ends it otherwise. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(40);
}
