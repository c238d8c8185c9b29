import type { CheckContext } from "../define-check.ts";
import type { Cgroup } from "./cgroup.ts";
import type { StatedValue } from "./parse-limits.ts";
import type { Part } from "./share-credit.ts";
import type { Limits } from "./stated-limits.ts";
import { cpusUsedDuring, hogIn, spinIn } from "./stress.ts";

const mebibyte = 1024 ** 2;
const spinSeconds = 1.5;
const hogSeconds = 15;
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

const platformFix = "Nothing to fix on your side; tell staff.";

/** Whether the memory limit is in the container's group and ends a program that takes more. */
export async function judgeMemory(context: CheckContext, cgroup: Cgroup, stated: StatedValue): Promise<Part> {
  const expected = `The container's memory is limited to ${stated.text}, and a program in it that takes more is ended`;
  const set = await cgroup.memoryLimit();
  context.log(`cgroup v${cgroup.version}: memory limit ${set === null ? "none" : `${set} bytes`}`);
  // The kernel counts whole pages.
  if (set === null || Math.abs(set - stated.value) > 4096)
    return {
      expected,
      problem: { happened: `The cgroup file system says ${set ?? "no limit"}.`, fix: platformFix },
    };
  const before = await cgroup.oomKills();
  await hogIn(context, cgroup, hogSeconds);
  const kills = (await cgroup.oomKills()) - before;
  context.log(`a program that took memory without end: ${kills} ended by the limit`);
  return {
    expected,
    problem:
      kills > 0
        ? null
        : { happened: `A program took memory for ${hogSeconds} s and was not ended.`, fix: platformFix },
  };
}

/** Whether the CPU limit is in the container's group and holds back programs that would use more. */
export async function judgeCpus(context: CheckContext, cgroup: Cgroup, stated: StatedValue): Promise<Part> {
  const expected = `The container is limited to ${stated.text} CPUs, and programs in it that would use more are held back`;
  const set = await cgroup.cpuLimit();
  context.log(`cgroup v${cgroup.version}: CPU limit ${set ?? "none"}`);
  if (set === null || Math.abs(set - stated.value) > 0.01)
    return {
      expected,
      problem: { happened: `The cgroup file system says ${set ?? "no limit"}.`, fix: platformFix },
    };
  const before = await cgroup.throttledPeriods();
  const used = await cpusUsedDuring(cgroup, () =>
    spinIn(context, cgroup, Math.ceil(stated.value) + 1, spinSeconds),
  );
  const held = (await cgroup.throttledPeriods()) - before;
  context.log(
    `${Math.ceil(stated.value) + 1} busy programs: ${used.toFixed(2)} CPUs used, held back ${held} times`,
  );
  return {
    expected,
    problem:
      used <= stated.value * tolerance + 0.02
        ? null
        : { happened: `Busy programs in it used ${used.toFixed(2)} CPUs.`, fix: platformFix },
  };
}

export function passedInWords({ memory, cpus, file }: Limits): string {
  const limits = [memory && `MEMORY=${memory.text}`, cpus && `CPUS=${cpus.text}`].filter(
    (text) => text !== null,
  );
  return `The limits of ${file} (${limits.join(", ")}) are set in the cgroup file system and bite.`;
}
