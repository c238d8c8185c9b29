import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { gradeLocally } from "#bin/cli/grade-locally.ts";
import type { KubernetesSettings } from "#grading/machine/facilities/catalogue.ts";
import type { CheckOutcome } from "#grading/protocol/messages.ts";

export interface ClusterCheck {
  id: string;
  kind: string;
  title: string;
  points: number;
  with: object;
}

/** A check of a kind of kubernetes/, for one point. */
export const check = (kind: string, id: string, settings: object): ClusterCheck => ({
  id,
  kind: `kubernetes/${kind}`,
  title: id,
  points: 1,
  with: settings,
});

/**
 * Grades files of a student's, by their path, in a cluster of their own; gives the outcomes of the checks by id.
 * Throws when the machine or an exercise of these checks is at fault for all of it.
 */
export async function gradeChecks(options: {
  cluster?: Partial<KubernetesSettings>;
  checks: readonly ClusterCheck[];
  files: Readonly<Record<string, string>>;
}): Promise<Map<string, CheckOutcome>> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "drydock-checks-"));
  try {
    const exerciseDir = path.join(dir, "exercise");
    const submission = path.join(dir, "submission");
    await mkdir(exerciseDir);
    await mkdir(submission);
    const exercise = {
      slug: "checks",
      title: "Checks",
      // So that a folder which all files are in stays.
      requiredFiles: Object.keys(options.files),
      facilities: { kubernetes: options.cluster ?? {} },
      timeoutSeconds: 600,
      checks: options.checks,
    };
    await writeFile(path.join(exerciseDir, "exercise.yaml"), stringify(exercise));
    for (const [file, text] of Object.entries(options.files)) {
      await mkdir(path.dirname(path.join(submission, file)), { recursive: true });
      await writeFile(path.join(submission, file), text);
    }
    const graded = await gradeLocally({
      exerciseDir,
      submission,
      installEngine: true,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    });
    if (graded.checks.length < options.checks.length) throw new Error(graded.reason ?? "Not all was graded.");
    return new Map(graded.checks.map((outcome) => [outcome.id, outcome]));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
