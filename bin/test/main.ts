import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
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
    return await runTests(process.argv.slice(2));
  } finally {
    await engine.stop();
  }
}

/** Side by side, since most tests wait most of their time; then what wants the computer for itself. */
const lanes = [
  [
    ["unit", "integration"],
    ["contract", "e2e", "security"],
  ],
  [["kubernetes"]],
];

/** Arguments choose tests themselves, which then run in one lane. */
async function runTests(chosen: string[]): Promise<number> {
  const runs = [];
  for (const beside of chosen.length > 0 ? [[null]] : lanes) {
    runs.push(
      ...(await Promise.all(
        beside.map((projects) =>
          runVitest(projects?.join("-") ?? "chosen", [
            ...(projects ?? []).flatMap((name) => ["--project", name]),
            ...chosen,
          ]),
        ),
      )),
    );
  }
  const summary = summarize(runs.map(({ report }) => report));
  for (const line of summary.skipped) process.stdout.write(`skipped: ${line}\n`);
  process.stdout.write(`${summary.line}\n`);
  return runs.find(({ code }) => code !== 0)?.code ?? 0;
}

async function runVitest(name: string, args: string[]): Promise<{ code: number; report: unknown }> {
  const report = path.join(root, `tests/.artifacts/vitest-${name}.json`);
  await mkdir(path.dirname(report), { recursive: true });
  // What an earlier run wrote would be counted if this one ended before its report.
  await rm(report, { force: true });
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json"];
  const child = spawn(process.execPath, [...vitest, `--outputFile.json=${report}`, ...args], {
    cwd: root,
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return { code: code ?? 1, report: JSON.parse(await readFile(report, "utf8")) };
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
