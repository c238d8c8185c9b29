import type { CheckContext } from "../define-check.ts";
import type { Cgroup } from "./cgroup.ts";
import type { Part } from "./share-credit.ts";
import type { RunningContainer } from "./start-container.ts";
import { cpusUsedDuring, hogIn, spinIn } from "./stress.ts";

const hogSeconds = 15;
/** As in docker/limits, and room for two containers on two CPUs. */
const tolerance = 1.2;

interface Pair {
  loud: Cgroup;
  quiet: Cgroup;
}

/** CPUs used by each container. */
export interface Shares {
  /** The quiet one with nothing beside it. */
  alone: number;
  /** The quiet one while the loud one is stressed. */
  beside: number;
  loud: number;
}

/** Measures one busy program in the quiet container alone, then beside many busy ones in the loud container. */
export async function measureShares(
  context: CheckContext,
  { loud, quiet }: Pair,
  cpus: number,
  seconds: number,
): Promise<Shares> {
  const alone = await cpusUsedDuring(quiet, () => spinIn(context, quiet, 1, seconds));
  context.log(`one busy program alone: ${alone.toFixed(2)} CPUs`);
  let loudUsed = 0;
  const beside = await cpusUsedDuring(quiet, async () => {
    const stress = cpusUsedDuring(loud, () => spinIn(context, loud, Math.ceil(cpus) + 2, seconds));
    [loudUsed] = await Promise.all([stress, spinIn(context, quiet, 1, seconds)]);
  });
  context.log(
    `beside a stressed neighbour: ${beside.toFixed(2)} CPUs; the neighbour: ${loudUsed.toFixed(2)} CPUs`,
  );
  return { alone, beside, loud: loudUsed };
}

export function judgeShares(shares: Shares, cpus: number, minShare: number): Part[] {
  // A machine that is busy itself gives both less: then an equal share of what there was is all that is due.
  const due = Math.min(shares.alone, (shares.beside + shares.loud) / 2);
  const percent = Math.round(minShare * 100);
  return [
    {
      expected: `The stressed container uses no more than its ${cpus} CPUs`,
      problem:
        shares.loud <= cpus * tolerance + 0.02
          ? null
          : {
              happened: `It used ${shares.loud.toFixed(2)} CPUs.`,
              fix: "State a CPU limit, so that one container cannot take all.",
            },
    },
    {
      expected: `The quiet container keeps at least ${percent}% of the CPU time that is due to it`,
      problem:
        shares.beside >= due * minShare
          ? null
          : {
              happened: `It had ${shares.alone.toFixed(2)} CPUs alone and ${shares.beside.toFixed(2)} beside a neighbour that used ${shares.loud.toFixed(2)}; ${due.toFixed(2)} were due.`,
              fix: "State a lower CPU limit: two containers together must fit into the machine's 2 CPUs.",
            },
    },
  ];
}

/** Takes memory in the loud container until it is ended there; the quiet one must not notice. */
export async function judgeMemoryApart(
  context: CheckContext,
  { loud, quiet }: Pair,
  running: RunningContainer,
): Promise<Part> {
  const expected = "A neighbour that takes memory is ended at its own limit, and the quiet container runs on";
  const [loudBefore, quietBefore] = [await loud.oomKills(), await quiet.oomKills()];
  await hogIn(context, loud, hogSeconds);
  const [loudKills, quietKills] = [
    (await loud.oomKills()) - loudBefore,
    (await quiet.oomKills()) - quietBefore,
  ];
  context.log(`memory taken in the neighbour: ${loudKills} ended there, ${quietKills} here`);
  const exit = await running.exited();
  if (loudKills > 0 && quietKills === 0 && !exit) return { expected, problem: null };
  const happened =
    loudKills === 0
      ? `A program in the neighbour took memory for ${hogSeconds} s and was not ended.`
      : `The quiet container ${exit ? `ended with exit status ${exit.exitCode}` : "lost a process to its own limit"}.`;
  return {
    expected,
    problem: { happened, fix: "State a memory limit for each container that the program fits into." },
  };
}

export const sharesInWords = ({ alone, beside, loud }: Shares) =>
  `The quiet container had ${alone.toFixed(2)} CPUs alone and ${beside.toFixed(2)} beside a neighbour that used ${loud.toFixed(2)}.`;
