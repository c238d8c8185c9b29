import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { AppError } from "#course/errors.ts";
import { ensureMotoPython } from "./python-environment.ts";

const startLimitMs = 60_000;
const stopLimitMs = 5_000;

export interface MotoServer {
  /** On a free port of loopback. */
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * moto as a child of this process: it ends with `stop`, and by itself when this process is gone, however that ended.
 * Throws AppError `moto-not-started`, and those of its Python environment.
 */
export async function startMotoServer(options: {
  cacheDir: string;
  onProgress?: (line: string) => void;
}): Promise<MotoServer> {
  const python = await ensureMotoPython(options);
  const child = spawn(python, [path.join(import.meta.dirname, "serve.py")], {
    // Nothing of this process's own AWS settings reaches it. NODE_ENV is what types ask for.
    env: {
      NODE_ENV: "production",
      PATH: "/usr/local/bin:/usr/bin:/bin",
      MOTO_AMIS_PATH: path.join(import.meta.dirname, "amis.json"),
      MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: "true",
      MOTO_ENABLE_AMI_VALIDATION: "true",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const port = await portOf(child);
  // What it says of each failed call is in the answer too; the pipes are emptied so that it never waits for them.
  child.stdout.resume();
  child.stderr.resume();
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => stop(child) };
}

async function portOf(child: ChildProcess): Promise<number> {
  let errors = "";
  const hear = (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-4_000);
  };
  child.stderr?.on("data", hear);
  const port = new Promise<number>((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        new AppError({
          code: "moto-not-started",
          userMessage: `The local EC2 did not start: ${why}`,
          cause: new Error(errors),
        }),
      );
    const timer = setTimeout(() => fail(`it said nothing for ${startLimitMs / 1000} s.`), startLimitMs);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`it ended (${signal ?? code}). ${errors.trim().split("\n").at(-1) ?? ""}`);
    });
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once("line", (line) => {
      clearTimeout(timer);
      resolve(Number(line.replace("port ", "")));
    });
  });
  try {
    return await port;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    child.stderr?.off("data", hear);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
  await ended;
  clearTimeout(timer);
}
