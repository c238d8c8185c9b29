import type { Cgroup } from "../../kit/container/cgroup.ts";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import type { StatedValue } from "../kit/parse-limits.ts";
import type { Limits } from "../kit/stated-limits.ts";
import { cpusUsedDuring, hogIn, spinIn } from "../kit/stress.ts";

const mebibyte = 1024 ** 2;
const hogSeconds = 15;
/** Left of the check's time for all that is not measuring, so that its time limit is not what ends it. */
const spareSeconds = 8;
/** The scheduler gives and takes in periods of 100 ms; a measurement over 1.5 s is right to about a tenth. */
const tolerance = 1.15;

interface Bounds {
  memory?: { minMiB: number; maxMiB: number } | undefined;
  cpus?: { min: number; max: number } | undefined;
}

/** Whether the limits asked for are stated and within the exercise's bounds. */
export function judgeStated(bounds: Bounds, stated: Limits): Part[] {
  const parts: Part[] = [];
  if (bounds.memory) {
    const { minMiB, maxMiB } = bounds.memory;
    parts.push(
      judgeBounds(
        "MEMORY",
        stated.memory,
        stated.file,
        minMiB * mebibyte,
        maxMiB * mebibyte,
        `${minMiB}m`,
        `${maxMiB}m`,
      ),
    );
  }
  if (bounds.cpus) {
    const { min, max } = bounds.cpus;
    parts.push(judgeBounds("CPUS", stated.cpus, stated.file, min, max, `${min}`, `${max}`));
  }
  return parts;
}

function judgeBounds(
  name: string,
  stated: StatedValue | null,
  file: string,
  min: number,
  max: number,
  minText: string,
  maxText: string,
): Part {
  const expected = `${file} states ${name} from ${minText} to ${maxText}`;
  const fix = `Write a line ${name}=${maxText}, or less, into ${file}.`;
  if (!stated)
    return { expected, problem: { happened: `${file} states no ${name}, so there is no limit.`, fix } };
  const within = stated.value >= min && stated.value <= max;
  return {
    expected,
    problem: within
      ? null
      : { happened: `Line ${stated.line} of ${file} states ${name}=${stated.text}.`, fix },
  };
}

/** What a limit that the machine set turned out to do; the student stated it and can do no more. */
export type LimitShown =
  | { outcome: "bites" }
  /** It is set, and could not be shown to bite; why, in a sentence. */
  | { outcome: "not-shown"; why: string }
  /** The machine did not do what was asked of it; a sentence. */
  | { outcome: "broken"; happened: string };

/** Whether the memory limit is in the container's group and ends a program that takes more. */
export async function showMemory(
  context: CheckContext,
  cgroup: Cgroup,
  stated: StatedValue,
): Promise<LimitShown> {
  const set = await cgroup.memoryLimit();
  context.log(`cgroup v${cgroup.version}: memory limit ${set === null ? "none" : `${set} bytes`}`);
  // The kernel counts whole pages.
  if (set === null || Math.abs(set - stated.value) > 4096)
    return {
      outcome: "broken",
      happened: `MEMORY=${stated.text} was asked for, and the cgroup file system says ${set ?? "no limit"}.`,
    };
  const before = await cgroup.oomKills();
  // A container with little CPU takes its memory slowly.
  const seconds = Math.max(hogSeconds, context.remainingMs() / 1000 - spareSeconds);
  await hogIn(context, cgroup, seconds);
  const kills = (await cgroup.oomKills()) - before;
  context.log(`a program that took memory without end: ${kills} ended by the limit`);
  return kills > 0
    ? { outcome: "bites" }
    : {
        outcome: "broken",
        happened: `A program took memory for ${Math.round(seconds)} s and was not ended.`,
      };
}

/** Busy programs for each CPU of the limit, and for how long: more where less did not reach the limit. */
const loads = [
  { times: 1, seconds: 1.5 },
  { times: 2, seconds: 3 },
  { times: 4, seconds: 5 },
];

/**
 * Whether the CPU limit is in the container's group and holds back programs that would use more. The kernel's count
 * of held-back periods decides. On a computer that is so busy that the programs never get as much as the limit gives
 * there is nothing to hold back: then the load is raised, and if that does not help either, the limit is set and not
 * shown.
 */
export async function showCpus(
  context: CheckContext,
  cgroup: Cgroup,
  stated: StatedValue,
): Promise<LimitShown> {
  const set = await cgroup.cpuLimit();
  context.log(`cgroup v${cgroup.version}: CPU limit ${set ?? "none"}`);
  if (set === null || Math.abs(set - stated.value) > 0.01)
    return {
      outcome: "broken",
      happened: `CPUS=${stated.text} was asked for, and the cgroup file system says ${set ?? "no limit"}.`,
    };
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const { times, seconds } of loads) {
    if (most > 0 && context.remainingMs() < (seconds + spareSeconds) * 1000) break;
    const programs = (Math.ceil(stated.value) + 1) * times;
    const before = await cgroup.throttledPeriods();
    const used = await cpusUsedDuring(cgroup, () => spinIn(context, cgroup, programs, seconds));
    const held = (await cgroup.throttledPeriods()) - before;
    context.log(`${programs} busy programs: ${used.toFixed(2)} CPUs used, held back ${held} times`);
    if (held > 0) return { outcome: "bites" };
    most = Math.max(most, used);
    least = Math.min(least, used);
  }
  if (least > stated.value * tolerance)
    return {
      outcome: "broken",
      happened: `Programs in the container used ${least.toFixed(2)} CPUs and were never held back to ${stated.text}.`,
    };
  return {
    outcome: "not-shown",
    why: `The CPU limit is set; that it holds programs back could not be shown, because the machine was too busy to give them more than ${most.toFixed(2)} CPUs.`,
  };
}

/** The parts that hold once the limits were set as stated. */
export function limitParts({
  memory,
  cpus,
}: {
  memory?: string | undefined;
  cpus?: string | undefined;
}): Part[] {
  const parts: Part[] = [];
  const add = (expected: string) => parts.push({ expected, problem: null });
  if (cpus !== undefined)
    add(`The container is limited to ${cpus} CPUs, and programs in it that would use more are held back`);
  if (memory !== undefined)
    add(`The container's memory is limited to ${memory}, and a program in it that takes more is ended`);
  return parts;
}

/** What a student whose limits are set is told. */
export function passedInWords({ memory, cpus, file }: Limits, shown: LimitShown[]): string {
  const limits = [memory && `MEMORY=${memory.text}`, cpus && `CPUS=${cpus.text}`].filter(
    (text) => text !== null,
  );
  const doubts = shown.flatMap((each) => (each.outcome === "not-shown" ? [each.why] : []));
  const set = `The limits of ${file} (${limits.join(", ")}) are set in the cgroup file system`;
  return doubts.length > 0 ? [`${set}.`, ...doubts].join(" ") : `${set} and bite.`;
}
