import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import tar from "tar-stream";
import { loadExercise } from "#grading/exercises/load-exercise.ts";
import type { RunOrder, RunResult } from "#grading/protocol/messages.ts";
import { systemClock } from "#infra/clock/clock.ts";

/** A bench's own submission is right: anything but full points is a mistake, and its time no measurement. */
export function expectAllPassed({ outcome, fault, checks }: RunResult): void {
  const failed = checks.filter((check) => check.verdict !== "passed");
  if (outcome === "graded" && failed.length === 0) return;
  const why = failed.map(({ id, message }) => `${id}: ${message.happened}`).join("\n");
  throw new Error(`The benchmark's own submission was not graded in full: ${fault?.detail ?? why}`);
}

/** Packs the files and makes the order to grade them by tests/bench/content/bench/exercises/<exercise>. */
export async function makeOrder(
  exercise: string,
  files: Record<string, string>,
  workDir: string,
): Promise<{ order: RunOrder; submissionPath: string }> {
  const loaded = await loadExercise(path.resolve("tests/bench/content/bench/exercises", exercise));
  if (loaded.outcome === "invalid") throw new Error(JSON.stringify(loaded.problems));
  const submissionPath = path.join(workDir, `${exercise}.tar`);
  const pack = tar.pack();
  for (const [name, text] of Object.entries(files)) pack.entry({ name }, text);
  pack.finalize();
  await pipeline(pack, createWriteStream(submissionPath));
  const bytes = await readFile(submissionPath);
  return {
    submissionPath,
    order: {
      runId: `run_bench_${exercise}`,
      attempt: 1,
      spec: loaded.exercise.spec,
      submission: {
        fileName: `${exercise}.tar`,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        bytes: bytes.length,
      },
      hidden: { bytes: 0 },
      leaseUntil: new Date(systemClock().getTime() + 30 * 60_000).toISOString(),
    },
  };
}
