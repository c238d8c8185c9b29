import { ContainerNotStarted } from "../../kit/container/blame-start.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { openCgroup } from "../../kit/container/cgroup.ts";
import { notStarted } from "../../kit/container/not-started.ts";
import { withContainer } from "../../kit/container/start-container.ts";
import { platformFault } from "../../kit/credit/platform-fault.ts";
import { judgeParts } from "../../kit/credit/share-credit.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { idleProgram } from "../kit/idle-program.ts";
import { asUse, readLimits } from "../kit/stated-limits.ts";
import {
  judgeStated,
  type LimitShown,
  limitParts,
  passedInWords,
  showCpus,
  showMemory,
} from "./judge-limits.ts";
import { dockerLimits } from "./settings.ts";

export const limitResources = defineCheck(dockerLimits, async (context, settings) => {
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
});
