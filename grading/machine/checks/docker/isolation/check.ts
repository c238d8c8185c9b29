import { ContainerNotStarted } from "../../kit/container/blame-start.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { openCgroup } from "../../kit/container/cgroup.ts";
import { notStarted } from "../../kit/container/not-started.ts";
import { type RunningContainer, withContainer } from "../../kit/container/start-container.ts";
import { platformFault } from "../../kit/credit/platform-fault.ts";
import { judgeParts } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { idleProgram } from "../kit/idle-program.ts";
import { asUse, noneStated, readLimits } from "../kit/stated-limits.ts";
import { judgeMemoryApart, judgeShares, measureShares, type Pair, sharesInWords } from "./judge-isolation.ts";
import { dockerIsolation } from "./settings.ts";

const expected = "Two containers of the image run side by side, each within its limits.";

export const isolateContainers = defineCheck(dockerIsolation, async (context, settings) => {
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
        const { shares, machine, share } = await measureFairly(context, pair, cpus, settings);
        if (machine !== null) return platformFault(expected, machine);
        const parts = [share];
        if (settings.stressMemory) {
          const apart = await judgeMemoryApart(context, pair, quiet);
          if (typeof apart === "string") return platformFault(expected, apart);
          parts.push(apart);
        }
        return judgeParts(parts, false, context.maxPoints, sharesInWords(shares));
      }),
    );
  } catch (error) {
    if (error instanceof ContainerNotStarted) return notStarted(error, expected);
    throw error;
  }
});

/** One measurement can be spoilt by what else the computer does; three in a row are not. */
const measurements = 3;
/** Of the check's time, for all that is not measuring. */
const spareMs = 20_000;

async function measureFairly(
  context: CheckContext,
  pair: Pair,
  cpus: number,
  { seconds, minShare }: { seconds: number; minShare: number },
) {
  for (let time = 1; ; time += 1) {
    const shares = await measureShares(context, pair, cpus, seconds);
    context.staff(JSON.stringify(shares));
    const judged = judgeShares(shares, cpus, minShare);
    const again = time < measurements && context.remainingMs() > 2 * seconds * 1000 + spareMs;
    if ((judged.machine === null && judged.share.problem === null) || !again) return { shares, ...judged };
  }
}

const cgroupOf = async (running: RunningContainer) =>
  openCgroup((await running.container.inspect()).State.Pid);
