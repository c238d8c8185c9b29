import type Docker from "dockerode";
import { AppError } from "#course/errors.ts";
import { aptInstall, hasProgram } from "../debian-host.ts";
import { findEngine } from "./find-engine.ts";
import { startEngine } from "./start-engine.ts";

export interface EngineProgress {
  step: string;
  /** 0 to 1; null while unknown. */
  fraction: number | null;
  line?: string;
}

export interface Engine {
  docker: Docker;
  /** true when this call started it. */
  started: boolean;
  /** Stops the engine if this call started it, else does nothing. */
  stop(): Promise<void>;
}

const nothingToStop = async () => {};

/**
 * The Docker engine that runs, else one that this call starts: Debian's docker.io, installed when `install` is true
 * and this is root on Debian or Ubuntu. Throws AppError no-engine with one sentence that says what to do.
 */
export async function ensureEngine(options: {
  install: boolean;
  onProgress: (progress: EngineProgress) => void;
}): Promise<Engine> {
  const report = (step: string, fraction: number | null, line?: string) =>
    options.onProgress({ step, fraction, ...(line === undefined ? {} : { line }) });
  report("Looking for a Docker engine", 0);
  const found = await findEngine();
  if (found.outcome === "found") {
    report("Docker engine found", 1);
    return { docker: found.docker, started: false, stop: nothingToStop };
  }
  if (found.outcome === "forbidden") throw noEngine(found.message);
  if (!(await hasProgram("dockerd"))) await install(options.install, report);
  report("Starting the Docker engine", 0.8);
  const engine = await startEngine((line) => report("Starting the Docker engine", 0.8, line));
  if (engine.outcome === "impossible") throw noEngine(engine.message);
  report("Docker engine started", 1);
  return { docker: engine.docker, started: true, stop: engine.stop };
}

async function install(
  allowed: boolean,
  report: (step: string, fraction: number | null, line?: string) => void,
): Promise<void> {
  if (!allowed) throw noEngine("No Docker engine runs here: start Docker, or install it, and try again.");
  report("Installing Debian's docker.io", 0.1);
  const installed = await aptInstall(["docker.io", "iptables"], (line) =>
    report("Installing Debian's docker.io", 0.3, line),
  );
  if (installed.outcome === "impossible") {
    throw noEngine(`No Docker engine runs here and none could be installed: ${installed.message}`);
  }
}

function noEngine(userMessage: string): AppError {
  return new AppError({ code: "no-engine", userMessage, retryable: true });
}
