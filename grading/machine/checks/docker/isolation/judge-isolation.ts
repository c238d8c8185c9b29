import type { Cgroup } from "../../kit/container/cgroup.ts";
import type { RunningContainer } from "../../kit/container/start-container.ts";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { mostCpus } from "../kit/stated-limits.ts";
import { cpusUsedDuring, hogIn, spinIn } from "../kit/stress.ts";

const hogSeconds = 15;
/** As in docker/limits, and room for two containers on two CPUs. */
const tolerance = 1.2;

export interface Pair {
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

/** As many busy programs as the machine has CPUs: the kernel shares each CPU out between containers by itself. */
const quietPrograms = mostCpus;

/** Measures busy programs in the quiet container alone, then beside many more in the loud container. */
export async function measureShares(
  context: CheckContext,
  { loud, quiet }: Pair,
  cpus: number,
  seconds: number,
): Promise<Shares> {
  const alone = await cpusUsedDuring(quiet, () => spinIn(context, quiet, quietPrograms, seconds));
  context.log(`busy programs alone: ${alone.toFixed(2)} CPUs`);
  let loudUsed = 0;
  const beside = await cpusUsedDuring(quiet, async () => {
    const stress = cpusUsedDuring(loud, () =>
      spinIn(context, loud, Math.ceil(cpus) + 2 * quietPrograms, seconds),
    );
    [loudUsed] = await Promise.all([stress, spinIn(context, quiet, quietPrograms, seconds)]);
  });
  context.log(
    `beside a stressed neighbour: ${beside.toFixed(2)} CPUs; the neighbour: ${loudUsed.toFixed(2)} CPUs`,
  );
  return { alone, beside, loud: loudUsed };
}

/** What a pair of containers turned out to do; the sentences are null where all is well. */
export interface SharesJudged {
  /** What the machine, and not the student, has to answer for. */
  machine: string | null;
  /** The quiet container's share. */
  share: Part;
}

/**
 * Whether the quiet container kept the part that is due to it. Containers whose limits fit into the machine together
 * must not disturb each other: if they do, it is the machine's doing.
 */
export function judgeShares(shares: Shares, cpus: number, minShare: number): SharesJudged {
  // A machine that is busy itself gives both less: then an equal share of what there was is all that is due.
  const due = Math.min(shares.alone, (shares.beside + shares.loud) / 2);
  const kept = shares.beside >= due * minShare;
  const told = `The quiet container had ${shares.alone.toFixed(2)} CPUs alone and ${shares.beside.toFixed(2)} beside a neighbour that used ${shares.loud.toFixed(2)}; ${due.toFixed(2)} were due.`;
  const fit = 2 * cpus <= mostCpus;
  const overLimit = shares.loud > cpus * tolerance + 0.02;
  return {
    machine: overLimit
      ? `The stressed container used ${shares.loud.toFixed(2)} CPUs and is limited to ${cpus}.`
      : fit && !kept
        ? told
        : null,
    share: {
      expected: `The quiet container keeps at least ${Math.round(minShare * 100)}% of the CPU time that is due to it`,
      problem: kept
        ? null
        : {
            happened: told,
            fix: `State a lower CPU limit: two containers together must fit into the machine's ${mostCpus} CPUs.`,
          },
    },
  };
}

/**
 * Takes memory in the loud container until it is ended there; the quiet one must not notice. Returns the machine's
 * fault as a sentence when the loud one's limit did not end it.
 */
export async function judgeMemoryApart(
  context: CheckContext,
  { loud, quiet }: Pair,
  running: RunningContainer,
): Promise<Part | string> {
  const expected = "A neighbour that takes memory is ended at its own limit, and the quiet container runs on";
  const before = [await loud.oomKills(), await quiet.oomKills()] as const;
  await hogIn(context, loud, hogSeconds);
  const loudKills = (await loud.oomKills()) - before[0];
  const exit = await running.exited();
  const quietKills = exit ? 0 : (await quiet.oomKills()) - before[1];
  context.log(`memory taken in the neighbour: ${loudKills} ended there, ${quietKills} here`);
  if (loudKills === 0)
    return `A program in a limited container took memory for ${hogSeconds} s and was not ended.`;
  const problem =
    quietKills === 0 && !exit
      ? null
      : {
          happened: `The quiet container ${exit ? `ended with exit status ${exit.exitCode}` : "lost a process to its own limit"}.`,
          fix: "State a memory limit for each container that the program fits into.",
        };
  return { expected, problem };
}

export const sharesInWords = ({ alone, beside, loud }: Shares) =>
  `The quiet container had ${alone.toFixed(2)} CPUs alone and ${beside.toFixed(2)} beside a neighbour that used ${loud.toFixed(2)}.`;
