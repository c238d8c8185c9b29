import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
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
    throw new AppError({
      code: "build-failed",
      userMessage: `The site could not be built. The end of what the build said:\n${output}`,
    });
  }
  await writeFile(stamp, wanted);
  return { built: true };
}

/** null when it succeeded, else the last lines it wrote. */
function runBuild(root: string, onLine: (line: string) => void): Promise<string | null> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const build = spawn(npm, ["run", "--silent", "build"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
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
    build.once("close", (code) => resolve(code === 0 ? null : lines.slice(-30).join("\n")));
  });
}
