import { z } from "zod";
import type { CheckVerdict } from "../define-check.ts";
import { defineCheck } from "../define-check.ts";
import { builtImage } from "../parts/built-image.ts";
import { openCgroup } from "../parts/cgroup.ts";
import { idleProgram } from "../parts/idle-program.ts";
import { judgeMemoryApart, judgeShares, measureShares, sharesInWords } from "../parts/judge-isolation.ts";
import { notStarted } from "../parts/not-started.ts";
import { buildId, relativePath, sandboxSettings } from "../parts/settings.ts";
import { judgeParts } from "../parts/share-credit.ts";
import { ContainerNotStarted, type RunningContainer, withContainer } from "../parts/start-container.ts";
import { asUse, noneStated, readLimits } from "../parts/stated-limits.ts";

const settings = z.strictObject({
  build: buildId,
  sandbox: sandboxSettings,
  file: relativePath
    .optional()
    .describe(
      "The student's file with MEMORY and CPUS, as for docker/limits; the sandbox's limits when left out.",
    ),
  seconds: z.number().min(1).max(30).default(3).describe("How long each measurement takes."),
  minShare: z
    .number()
    .min(0.1)
    .max(1)
    .default(0.7)
    .describe(
      "Part of the CPU time due to the quiet container that it must get while its neighbour is stressed. Due is what it got alone, or an equal share of what both got when the machine itself is busy.",
    ),
  stressMemory: z
    .boolean()
    .default(true)
    .describe("Whether the neighbour also takes memory until it is ended at its limit."),
});

export const isolateContainers = defineCheck({
  kind: "docker/isolation",
  summary:
    "Two containers of the image with the limits stated; one is stressed, the other must keep its share.",
  settings,
  defaultTimeoutSeconds: 60,
  uses: ({ build }) => ({ build: { id: build } }),

  async run(context, settings) {
    const stated =
      settings.file === undefined ? noneStated : await readLimits(context.submissionDir, settings.file);
    if ("verdict" in stated) return stated;
    const image = builtImage(context, settings.build);
    const { sandbox } = settings;
    const use = { image, ...idleProgram, ...asUse(stated) };
    const cpus = stated.cpus?.value ?? sandbox.cpus;
    const start = (each: (running: RunningContainer) => Promise<CheckVerdict>) =>
      withContainer(context, sandbox, use, each);
    try {
      return await start((loud) =>
        start(async (quiet) => {
          const pair = { loud: await cgroupOf(loud), quiet: await cgroupOf(quiet) };
          const cpu = await measureShares(context, pair, cpus, settings.seconds);
          context.staff(JSON.stringify(cpu));
          const parts = judgeShares(cpu, cpus, settings.minShare);
          if (settings.stressMemory) parts.push(await judgeMemoryApart(context, pair, quiet));
          return judgeParts(parts, false, context.maxPoints, sharesInWords(cpu));
        }),
      );
    } catch (error) {
      if (error instanceof ContainerNotStarted)
        return notStarted(error, "Two containers of the image run side by side.");
      throw error;
    }
  },
});

const cgroupOf = async (running: RunningContainer) =>
  openCgroup((await running.container.inspect()).State.Pid);
