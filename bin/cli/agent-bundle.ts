import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#course/errors.ts";

const root = path.resolve(import.meta.dirname, "../..");
const bundle = path.join(root, "dist/agent.mjs");

/** What the agent is made of, besides its packages, which the lock file stands for. */
const sources = ["grading", "course", "infra/build/bundle.mjs", "package-lock.json"];

/**
 * The agent as one file, made anew when it is missing or older than a source. It is left alone otherwise: a machine
 * that boots at this moment may be reading it.
 */
export async function ensureAgentBundle(): Promise<string> {
  const made = await timeOf(bundle);
  const changed = Math.max(
    ...(await Promise.all(sources.map((source) => newestIn(path.join(root, source))))),
  );
  if (made === null || made < changed) await makeBundle();
  return bundle;
}

async function newestIn(source: string): Promise<number> {
  const info = await stat(source);
  if (!info.isDirectory()) return info.mtimeMs;
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries
      .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
      .map(async (entry) => (await stat(path.join(entry.parentPath, entry.name))).mtimeMs),
  );
  return Math.max(0, ...times);
}

async function timeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function makeBundle(): Promise<void> {
  const child = spawn(process.execPath, [path.join(root, "infra/build/bundle.mjs")], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new AppError({
    code: "bundle-failed",
    userMessage: `The agent could not be bundled.\n${output.join("").trim()}`,
  });
}
