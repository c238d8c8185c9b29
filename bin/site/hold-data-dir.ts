import { type ChildProcess, type SpawnOptions, type StdioOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { link, readdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { AppError } from "#course/errors.ts";
import { isStillAlive, processBorn } from "./process-born.mjs";

const recordedProcess = z.object({ pid: z.number().int().positive(), born: z.string().nullable() });
const holdFile = z.object({
  supervisor: recordedProcess,
  /** In the order of their start, each with the signal that ends it in order. */
  parts: z.array(recordedProcess.extend({ signal: z.string() })),
});
type Hold = z.infer<typeof holdFile>;
const released = { parts: [] };
type Released = typeof released;

export interface DataDirHold {
  /** Notes a process that must not outlive this one. */
  record(pid: number, signal: "SIGTERM" | "SIGINT"): Promise<void>;
  /** Gives the folder back; all recorded parts must have ended. */
  release(): Promise<void>;
}

/**
 * One site a data folder: a second one would take over the first one's socket. What is recorded is ended when this
 * process dies, however it dies; a start after that which finds some of it still there ends it first.
 * Throws AppError when another site that lives holds the folder.
 *
 * Each holder is a file of its own, site.N.pid, and the highest number holds. A number is taken by making its file,
 * which only one of many can, and nothing is ever taken away from a holder; the last file stays when the folder is
 * given back, so that no number is taken twice.
 */
export async function holdDataDir(dataDir: string, onStep: (step: string) => void): Promise<DataDirHold> {
  const hold: Hold = { supervisor: named(process.pid), parts: [] };
  for (;;) {
    const last = (await numbers(dataDir)).at(-1) ?? 0;
    if (last > 0) await endHolder(dataDir, last, onStep);
    const mine = last + 1;
    if (!(await create(fileOf(dataDir, mine), hold))) continue;
    const all = await numbers(dataDir);
    if (all.at(-1) === mine) {
      await removeFiles(dataDir, all.slice(0, -1));
      return heldBy(fileOf(dataDir, mine), hold);
    }
    // Whoever came after us had removed the file that we went by, so this number was free although it had been used.
    await removeFiles(dataDir, [mine]);
  }
}

function heldBy(file: string, hold: Hold): DataDirHold {
  const watcher = endLeftovers(file, "when this process dies");
  const write = async (next: Hold | Released) => {
    const fresh = `${file}.${randomUUID()}`;
    await writeFile(fresh, JSON.stringify(next), { mode: 0o600 });
    await rename(fresh, file);
  };
  return {
    record: async (pid, signal) => {
      hold.parts.push({ ...named(pid), signal });
      await write(hold);
    },
    release: async () => {
      watcher.kill("SIGKILL");
      await write(released);
    },
  };
}

/** Throws AppError when the holder lives; otherwise ends what it has left behind. */
async function endHolder(dataDir: string, number: number, onStep: (step: string) => void): Promise<void> {
  const file = fileOf(dataDir, number);
  const holder = parse(await readOrNull(file));
  if (!holder) return;
  if (isStillAlive(holder.supervisor)) throw inUse(dataDir, holder.supervisor.pid);
  if (holder.parts.some(isStillAlive)) onStep("Ending what a killed start has left");
  await finished(endLeftovers(file, "now"));
}

const fileOf = (dataDir: string, number: number) => path.join(dataDir, `site.${number}.pid`);

/** Of all holders so far whose file is there, rising. */
async function numbers(dataDir: string): Promise<number[]> {
  const names = await readdir(dataDir);
  const found = names.flatMap((name) => /^site\.(\d+)\.pid$/.exec(name)?.[1] ?? []);
  return found.map(Number).sort((a, b) => a - b);
}

async function removeFiles(dataDir: string, gone: number[]): Promise<void> {
  for (const number of gone) await rm(fileOf(dataDir, number), { force: true });
}

const named = (pid: number) => ({ pid, born: processBorn(pid) });

/** false when the file is there already. Whole from the first moment: what is half written cannot be judged. */
async function create(file: string, hold: Hold): Promise<boolean> {
  const fresh = `${file}.${randomUUID()}`;
  await writeFile(fresh, JSON.stringify(hold), { mode: 0o600 });
  try {
    await link(fresh, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(fresh);
  }
}

async function readOrNull(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

/** null when there is nothing to end: given back, gone, or of another version, whose writer is not known. */
function parse(text: string | null): Hold | null {
  try {
    return holdFile.parse(JSON.parse(text ?? ""));
  } catch {
    return null;
  }
}

/** A process of its own group, so that no Ctrl-C and no death of ours ends it; it waits for our end of its input. */
function endLeftovers(file: string, when: "now" | "when this process dies"): ChildProcess {
  const program = path.join(import.meta.dirname, "end-leftovers.mjs");
  const stdio: StdioOptions = [when === "now" ? "ignore" : "pipe", "ignore", "ignore"];
  const options: SpawnOptions = { detached: true, env: { NODE_ENV: "production" }, stdio };
  const child = spawn(process.execPath, [program, file], options);
  if (when !== "now") child.unref();
  return child;
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`end-leftovers ended with exit status ${code}.`));
    });
  });
}

function inUse(dataDir: string, pid: number): AppError {
  return new AppError({
    code: "data-folder-in-use",
    userMessage: `Drydock is already running from ${dataDir} (process ${pid}). Stop it with Ctrl-C where it runs, or set DRYDOCK_DATA_DIR to another folder.`,
  });
}
