import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#course/errors.ts";
import { hashSources } from "./source-hash.ts";

/** Builds web, worker and agent unless the build there is was made from these very sources. */
export async function buildSite(root: string, onLine: (line: string) => void): Promise<{ built: boolean }> {
  const stamp = path.join(root, ".next/drydock-sources");
  const wanted = await hashSources(root);
  const there = await readFile(stamp, "utf8").catch(() => "");
  if (there === wanted) return { built: false };
  const output = await runBuild(root, onLine);
  if (output !== null) {
    const log = path.join(root, ".next/drydock-build.log");
    await mkdir(path.dirname(log), { recursive: true });
    await writeFile(log, output.join("\n"));
    throw new AppError({
      code: "build-failed",
      userMessage: `The site could not be built:\n${reasons(output).join("\n")}\nAll that the build said is in ${log}.`,
    });
  }
  await writeFile(stamp, wanted);
  return { built: true };
}

/** The lines that name an error, for they may stand far from the end; the last lines when none does. */
export function reasons(output: string[]): string[] {
  const named = output.filter((line) => /\berror\b|\bfailed\b/i.test(line));
  return (named.length > 0 ? named : output).slice(-20);
}

/** null when it succeeded, else the lines it wrote. */
function runBuild(root: string, onLine: (line: string) => void): Promise<string[] | null> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const build = spawn(npm, ["run", "--silent", "build"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    // biome-ignore lint/style/noProcessEnv: handed on to the build as it is.
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  const lines: string[] = [];
  const keep = (chunk: Buffer) => {
    for (const line of chunk.toString("utf8").split("\n")) {
      if (line.trim() === "") continue;
      lines.push(line);
      onLine(line.trim());
    }
  };
  build.stdout.on("data", keep);
  build.stderr.on("data", keep);
  return new Promise((resolve, reject) => {
    build.once("error", reject);
    build.once("close", (code) => resolve(code === 0 ? null : lines));
  });
}
