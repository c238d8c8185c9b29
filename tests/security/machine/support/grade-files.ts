import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type Docker from "dockerode";
import { stringify } from "yaml";
import { ensureAgentBundle } from "#bin/cli/agent-bundle.ts";
import { type GradedLocally, gradeWith } from "#bin/cli/grade-locally.ts";
import { newId } from "#course/ids.ts";
import { loadExercise } from "#grading/exercises/load-exercise.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { loadConfig } from "#infra/config/config.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";

export interface TestMachines {
  docker: Docker;
  /** Tag of the machines made here. */
  installation: string;
  /** Grades files against an exercise in a machine of its own. */
  grade(exercise: object, hidden: Files, submission: Files): Promise<GradedLocally & { events: RunEvent[] }>;
}

/** Text by path; a path that ends in .sh is executable. */
export type Files = Record<string, string>;

/** Real machines of the real image with the real agent; made anew when a source changed. */
export async function openTestMachines(): Promise<TestMachines> {
  const { docker } = await ensureEngine({ install: true, onProgress: () => undefined });
  const { image } = await ensureMachineImage({ docker, machineKind: "engine", onProgress: () => undefined });
  const agentBundle = await ensureAgentBundle();
  const setting = loadConfig().uplink;
  const uplink = await chooseUplink({ docker, image, setting, folder: os.tmpdir() });
  const installation = newId("ins", systemClock());
  const machines = {
    shape: { kind: "engine", cpus: 2, memoryMiB: 2048 } as const,
    installation,
    uplink,
    providerFor: (gatewayDir: string) =>
      createDockerProvider({
        docker,
        imageOf: () => image,
        agentBundle,
        gatewayDir,
        uplink,
        runtime: null,
        usdPerHour: 0,
        clock: systemClock,
      }),
    close: async () => undefined,
  };

  return {
    docker,
    installation,
    async grade(exercise, hidden, submission) {
      const dir = await mkdtemp(path.join(os.tmpdir(), "drydock-hostile-"));
      try {
        await writeFiles(path.join(dir, "exercise"), { "exercise.yaml": stringify(exercise) });
        await writeFiles(path.join(dir, "exercise/hidden"), hidden);
        await writeFiles(path.join(dir, "submission"), submission);
        const loaded = await loadExercise(path.join(dir, "exercise"));
        if (loaded.outcome !== "ok") throw new Error(JSON.stringify(loaded.problems));
        const events: RunEvent[] = [];
        const graded = await gradeWith(machines, {
          exercise: loaded.exercise,
          submission: path.join(dir, "submission"),
          onEvent: (event) => events.push(event),
          signal: new AbortController().signal,
        });
        return { ...graded, events };
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
  };
}

async function writeFiles(dir: string, files: Files): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(dir, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { mode: name.endsWith(".sh") ? 0o755 : 0o644 });
  }
}
