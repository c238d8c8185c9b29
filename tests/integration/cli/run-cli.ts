import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

export const root = path.resolve(import.meta.dirname, "../../..");
export const dockerExercise = path.join(root, "content/tcss562-f2024/exercises/docker-containers");

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  /** Called with all of standard error whenever more of it arrives. */
  onStderr?: (sofar: string, interrupt: () => void) => void;
}

/** Runs bin/drydock as a person would, as a process of its own. */
export function runCli(args: string[], options: RunOptions = {}): Promise<CliResult> {
  return runProgram(path.join(root, "bin/drydock"), args, options);
}

export function runProgram(program: string, args: string[], options: RunOptions = {}): Promise<CliResult> {
  const child = spawn(program, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    options.onStderr?.(stderr, () => child.kill("SIGINT"));
  });
  child.stdin.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder of the test's own, gone after it. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "drydock-cli-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
