import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, open, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import Docker from "dockerode";
import { hasProgram } from "../debian-host.ts";

export type StartedEngine =
  | { outcome: "started"; docker: Docker; stop(): Promise<void> }
  | { outcome: "impossible"; message: string };

const startLimitMs = 60_000;
const socketPath = "/var/run/docker.sock";

/** Starts dockerd: by the service manager where one runs, else as a process of its own that outlives this one. */
export async function startEngine(onLine: (line: string) => void): Promise<StartedEngine> {
  if (process.platform !== "linux") {
    return {
      outcome: "impossible",
      message: "No Docker engine runs here: start Docker Desktop and try again.",
    };
  }
  if (process.getuid?.() !== 0) {
    return {
      outcome: "impossible",
      message: "The Docker engine is installed but does not run: start it (sudo systemctl start docker).",
    };
  }
  return (await runsSystemd()) ? startService() : startProcess(onLine);
}

async function startService(): Promise<StartedEngine> {
  const failed = await systemctl("start", "docker.service");
  if (failed !== null)
    return { outcome: "impossible", message: `The Docker service did not start: ${failed}` };
  const docker = new Docker({ socketPath });
  await docker.ping();
  return {
    outcome: "started",
    docker,
    stop: async () => {
      const message = await systemctl("stop", "docker.service", "docker.socket");
      if (message !== null) throw new Error(`The Docker service did not stop: ${message}`);
    },
  };
}

async function startProcess(onLine: (line: string) => void): Promise<StartedEngine> {
  if (!(await hasProgram("dockerd"))) {
    return { outcome: "impossible", message: "dockerd is not installed: apt-get install docker.io." };
  }
  const logFile = path.join(await mkdtemp(path.join(tmpdir(), "drydock-engine-")), "dockerd.log");
  const log = await open(logFile, "w");
  const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", log.fd, log.fd] });
  const ended = Promise.race([
    once(child, "exit").then(() => "ended" as const),
    once(child, "error").then(() => "ended" as const),
  ]);
  await log.close();
  onLine(`dockerd writes to ${logFile}`);
  const docker = new Docker({ socketPath });
  const answer = await Promise.race([ended, untilAnswers(docker)]);
  if (answer !== "answers") {
    const lines = (await readFile(logFile, "utf8")).trim().split("\n");
    child.kill();
    return {
      outcome: "impossible",
      message: `The Docker engine did not start: ${lines.at(-1)} (${logFile})`,
    };
  }
  child.unref();
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      // Waited for again: nothing else may keep this process alive until the engine is down.
      child.ref();
      child.kill("SIGTERM");
      await ended;
    }
  };
  return { outcome: "started", docker, stop };
}

/** There is no event for a socket that begins to answer; asked every 50 ms. */
async function untilAnswers(docker: Docker): Promise<"answers" | "silent"> {
  const limit = AbortSignal.timeout(startLimitMs);
  while (!limit.aborted) {
    const answers = await docker.ping().then(
      () => true,
      () => false,
    );
    if (answers) return "answers";
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return "silent";
}

async function runsSystemd(): Promise<boolean> {
  return access("/run/systemd/system").then(
    () => true,
    () => false,
  );
}

/** null on success, else what it said. */
async function systemctl(...args: string[]): Promise<string | null> {
  const child = spawn("systemctl", args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  const [status] = (await once(child, "close")) as [number | null];
  return status === 0 ? null : said.trim() || `status ${status}`;
}
