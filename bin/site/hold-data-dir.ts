import { type ChildProcess, type SpawnOptions, type StdioOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
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
 */
export async function holdDataDir(dataDir: string, onStep: (step: string) => void): Promise<DataDirHold> {
  const file = path.join(dataDir, "site.pid");
  const hold: Hold = { supervisor: named(process.pid), parts: [] };
  while (!(await create(file, hold))) {
    const text = await readOrNull(file);
    if (text === null) continue;
    const other = parse(text);
    if (other && isStillAlive(other.supervisor)) throw inUse(dataDir, other.supervisor.pid);
    if (other?.parts.some(isStillAlive)) onStep("Ending what a killed start has left");
    await finished(endLeftovers(file, "now"));
    await removeStale(file, text);
  }
  const watcher = endLeftovers(file, "when this process dies");
  return {
    record: async (pid, signal) => {
      hold.parts.push({ ...named(pid), signal });
      const next = `${file}.${randomUUID()}`;
      await writeFile(next, JSON.stringify(hold), { mode: 0o600 });
      await rename(next, file);
    },
    release: async () => {
      watcher.kill("SIGKILL");
      await rm(file, { force: true });
    },
  };
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

/** null for a file of another version, whose writer is not known. */
function parse(text: string): Hold | null {
  try {
    return holdFile.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Of two starts that found the same dead holder one removes its file; the other must not remove the first one's. */
async function removeStale(file: string, judged: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  const moved = await rename(file, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  if (!moved) return;
  if ((await readFile(aside, "utf8")) !== judged) await link(aside, file);
  await unlink(aside);
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
