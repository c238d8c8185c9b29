import { spawnSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#course/errors.ts";
import { plainKinds } from "#grading/machines/machine-kind.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { showMachineImage } from "../demo/machine-image.ts";
import { createProgress } from "../demo/progress.ts";
import { buildSite } from "../site/build-site.ts";
import { ensureDebianPackages } from "./debian-packages.ts";
import { summarize } from "./summarize.ts";

const root = path.resolve(import.meta.dirname, "../..");

async function main(): Promise<number> {
  const progress = createProgress();
  const missing = ensureDebianPackages(progress.say);
  for (const one of missing) progress.say(`Missing: ${one}`);
  if (missing.length > 0) return 1;
  const engine = await progress.step("Docker engine", (update) =>
    ensureEngine({ install: true, onProgress: (p) => update(p.fraction, p.step) }),
  );
  try {
    await progress.step("Build of web, worker and agent", (update) =>
      buildSite(root, (line) => update(null, line)),
    );
    for (const machineKind of plainKinds()) {
      await showMachineImage(progress, { docker: engine.docker, machineKind });
    }
    return await runVitest();
  } finally {
    await engine.stop();
  }
}

async function runVitest(): Promise<number> {
  const report = path.join(root, "tests/.artifacts/vitest.json");
  await mkdir(path.dirname(report), { recursive: true });
  const result = spawnSync(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: "inherit" },
  );
  const summary = summarize(JSON.parse(await readFile(report, "utf8")));
  for (const line of summary.skipped) process.stdout.write(`skipped: ${line}\n`);
  process.stdout.write(`${summary.line}\n`);
  return result.status ?? 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof AppError ? error.userMessage : error instanceof Error ? error.stack : error}\n`,
    );
    process.exit(1);
  },
);
