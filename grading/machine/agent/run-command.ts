import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { CappedOutput } from "../checks/kit/container/capped-output.ts";
import { TimeLimitPassed } from "../checks/kit/credit/time-limit.ts";
import type { CommandResult, RunCommandOptions } from "../checks/kit/define-check.ts";
import { createLineSplitter } from "../checks/kit/words/line-splitter.ts";

const captureBytes = 1024 * 1024;
/** How long an ended program's children may keep its output open. */
const drainMs = 500;

export interface CommandSurroundings {
  cwd: string;
  /** Aborted at the check's time limit or when the run is cancelled; its reason tells which. */
  signal: AbortSignal;
  onLine(line: string): void;
}

/**
 * Runs a program in a process group of its own and ends the whole group with it: at its time limit, at its output
 * limit, when the surroundings are aborted, and when it exits and leaves children behind. Standard error is told
 * apart from standard output. Throws only when the program cannot be started.
 */
export async function runCommand(
  command: string[],
  options: RunCommandOptions,
  around: CommandSurroundings,
): Promise<CommandResult> {
  const [program, ...args] = command;
  if (program === undefined) throw new Error("A command needs a program.");
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd ?? around.cwd,
    // Nothing of the agent's own environment reaches a command.
    env: environment(options.env),
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let ended: CommandResult["ended"] = "exited";
  const killGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
  const stop = (why: CommandResult["ended"]) => {
    if (ended === "exited") ended = why;
    killGroup();
  };
  const onAbort = () => stop(around.signal.reason instanceof TimeLimitPassed ? "timed-out" : "cancelled");
  const onStop = () => stop("cancelled");
  around.signal.addEventListener("abort", onAbort, { once: true });
  options.signal?.addEventListener("abort", onStop, { once: true });
  const timer = options.timeoutSeconds && setTimeout(() => stop("timed-out"), options.timeoutSeconds * 1000);

  let written = 0;
  const capture = (stream: NodeJS.ReadableStream, name: "stdout" | "stderr") => {
    const output = new CappedOutput(captureBytes);
    const lines = createLineSplitter((line) => {
      if (options.live !== false) around.onLine(line);
    });
    stream.on("data", (chunk: Buffer) => {
      written += chunk.length;
      output.write(chunk);
      lines.write(chunk);
      options.excerpt?.write(chunk, name);
      if (options.floodBytes !== undefined && written > options.floodBytes) stop("output-flood");
    });
    stream.on("close", () => lines.end());
    return output;
  };
  const stdout = capture(child.stdout, "stdout");
  const stderr = capture(child.stderr, "stderr");
  // A program may end without reading its input.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");

  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
      child.once("exit", (code) => {
        setTimeout(() => {
          killGroup();
          child.stdout.destroy();
          child.stderr.destroy();
          resolve(code);
        }, drainMs).unref();
      });
      // Aborted before the listener was there.
      if (around.signal.aborted) onAbort();
    });
    return { exitCode, ended, stdout: stdout.text(), stderr: stderr.text(), durationMs: since(started) };
  } finally {
    if (timer) clearTimeout(timer);
    around.signal.removeEventListener("abort", onAbort);
    options.signal?.removeEventListener("abort", onStop);
    killGroup();
  }
}

// Next's types ask every environment for NODE_ENV.
const environment = (more: Record<string, string> = {}) =>
  ({ PATH: commandPath, HOME: "/root", LANG: "C.UTF-8", ...more }) as unknown as NodeJS.ProcessEnv;
const commandPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const since = (started: number) => Math.round(performance.now() - started);
