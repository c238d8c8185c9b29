import { z } from "zod";
import { defineCheck } from "../../define-check.ts";
import { ContainerNotStarted } from "../../kit/container/blame-start.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { openCgroup } from "../../kit/container/cgroup.ts";
import { idleProgram } from "../kit/idle-program.ts";
import {
  judgeStated,
  type LimitShown,
  limitParts,
  passedInWords,
  showCpus,
  showMemory,
} from "./judge-limits.ts";
import { notStarted } from "../../kit/container/not-started.ts";
import { platformFault } from "../../kit/credit/platform-fault.ts";
import { buildId, partialCredit, relativePath, sandboxSettings } from "../../kit/settings.ts";
import { judgeParts } from "../../kit/credit/share-credit.ts";
import { withContainer } from "../../kit/container/start-container.ts";
import { asUse, readLimits } from "../kit/stated-limits.ts";

const settings = z
  .strictObject({
    build: buildId,
    sandbox: sandboxSettings,
    file: relativePath
      .default("limits.env")
      .describe(
        "The student's file with lines MEMORY=64m and CPUS=0.5, in the forms of docker run --memory and --cpus; # begins a comment.",
      ),
    memory: z
      .strictObject({ minMiB: z.number().min(6).max(1536).default(6), maxMiB: z.number().min(6).max(1536) })
      .optional()
      .describe(
        "MEMORY must be stated between these, be set in the container's cgroup, and end a program that takes more.",
      ),
    cpus: z
      .strictObject({ min: z.number().min(0.01).max(2).default(0.01), max: z.number().min(0.01).max(2) })
      .optional()
      .describe(
        "CPUS must be stated between these, be set in the container's cgroup, and throttle a program that would use more.",
      ),
    partial: partialCredit,
  })
  .refine((s) => s.memory !== undefined || s.cpus !== undefined, "say memory, cpus or both");

export const limitResources = defineCheck({
  kind: "docker/limits",
  summary:
    "The limits the student states are set on the container and really bite, read from the cgroup file system.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",
  uses: ({ build }) => ({ build: { id: build } }),

  async run(context, settings) {
    const stated = await readLimits(context.submissionDir, settings.file);
    if ("verdict" in stated) return stated;
    const image = builtImage(context, settings.build);
    const parts = judgeStated(settings, stated);
    if (parts.some((part) => part.problem !== null))
      return judgeParts(parts, settings.partial, context.maxPoints, "");
    const use = { image, ...idleProgram, ...asUse(stated) };
    const cpus = settings.cpus ? stated.cpus : null;
    const memory = settings.memory ? stated.memory : null;
    parts.push(...limitParts({ cpus: cpus?.text, memory: memory?.text }));
    try {
      return await withContainer(context, settings.sandbox, use, async (running) => {
        const { State } = await running.container.inspect();
        const cgroup = await openCgroup(State.Pid);
        const shown: LimitShown[] = [];
        if (cpus) shown.push(await showCpus(context, cgroup, cpus));
        if (memory) shown.push(await showMemory(context, cgroup, memory));
        context.staff(JSON.stringify(shown));
        for (const each of shown)
          if (each.outcome === "broken")
            return platformFault(`The limits of ${settings.file} are set on a container.`, each.happened);
        return judgeParts(parts, settings.partial, context.maxPoints, passedInWords(stated, shown));
      });
    } catch (error) {
      if (error instanceof ContainerNotStarted)
        return notStarted(error, `A container starts with the limits of ${settings.file}.`);
      throw error;
    }
  },
});
