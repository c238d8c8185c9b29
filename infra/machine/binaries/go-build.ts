import { spawn } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import path from "node:path";
import { eachLine } from "../engine/engine-lines.ts";
import type { BinaryModule } from "./modules.ts";

export type GoBuild = { outcome: "built" } | { outcome: "failed"; message: string };

/** Lets what students wait for go first. */
const niceness = 10;
const keptLines = 15;
/** Since this version Go fetches the Go that a go.mod asks for by itself. */
const oldestGo = [1, 21] as const;

/** Whether the computer's Go can build the modules. */
export async function hasGo(): Promise<boolean> {
  const said: string[] = [];
  const child = spawn("go", ["env", "GOVERSION"], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await Promise.all([eachLine(child.stdout, (line) => said.push(line)), ended]);
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(said[0] ?? "") ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > oldestGo[0] || (Number(major) === oldestGo[0] && Number(minor) >= oldestGo[1]);
}

/** Builds a module with the computer's Go: its proxy and its folder of modules, but a cache of the build's own. */
export async function goBuild(options: {
  module: BinaryModule;
  architecture: string;
  /** build.sh, and the folder that holds the module's go.mod and go.sum. */
  script: string;
  folder: string;
  into: string;
  cache: string;
  onLine: (line: string) => void;
  signal: AbortSignal;
}): Promise<GoBuild> {
  const { module } = options;
  const child = spawn(
    // Over the process's own environment, which is Go's too.
    "env",
    [`GOCACHE=${options.cache}`, "sh", options.script, ...buildArguments(module, options)],
    { cwd: path.resolve(options.folder), stdio: ["ignore", "pipe", "pipe"], signal: options.signal },
  );
  if (child.pid !== undefined) setPriority(child.pid, niceness);
  const last = lastLines(options.onLine);
  const [[status]] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    eachLine(child.stdout, last.keep),
    eachLine(child.stderr, last.keep),
  ]);
  return status === 0 ? { outcome: "built" } : { outcome: "failed", message: last.say(status) };
}

/** Hands lines on and remembers the last, for a build that fails. */
export function lastLines(onLine: (line: string) => void): {
  keep(line: string): void;
  say(status: number | null): string;
} {
  const last: string[] = [];
  return {
    keep(line) {
      last.push(line);
      if (last.length > keptLines) last.shift();
      onLine(line);
    },
    say: (status) => `status ${status}. Its last lines:\n${last.join("\n")}`,
  };
}

/** For build.sh. */
export function buildArguments(
  module: BinaryModule,
  { into, architecture }: { into: string; architecture: string },
): string[] {
  return [into, architecture, module.tags.join(","), module.ldflags];
}
