import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";

export interface Child {
  name: string;
  pid: number;
  /** Resolves with a sentence when the process has ended, however it ended. */
  ended: Promise<string>;
  /** SIGTERM, then SIGKILL after 10 seconds; resolves when it has ended. */
  stop(): Promise<void>;
  /** The last lines it wrote, for an error message. */
  tail(lines?: number): Promise<string>;
}

/** Starts one long-running process whose output goes to a file of its own. */
export async function startChild(options: {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
}): Promise<Child> {
  await mkdir(path.dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: "w" });
  // A group of its own: Ctrl-C in the terminal must not end it before the supervisor decides the order.
  const child: ChildProcess = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`${options.name} could not be started: ${error.message}`));
    child.once("close", (code, signal) => {
      log.end();
      resolve(`${options.name} ended with ${signal ? `signal ${signal}` : `exit status ${code}`}`);
    });
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(timer);
  };
  const tail = async (lines = 20) =>
    (await readFile(options.logFile, "utf8")).trimEnd().split("\n").slice(-lines).join("\n");
  return { name: options.name, pid: child.pid ?? 0, ended, stop, tail };
}
