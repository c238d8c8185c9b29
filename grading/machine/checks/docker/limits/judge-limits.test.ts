import { describe, expect, test } from "vitest";
import type { Cgroup } from "../../kit/container/cgroup.ts";
import type { CheckContext, CommandResult } from "../../kit/define-check.ts";
import { judgeShares } from "../isolation/judge-isolation.ts";
import { passedInWords, showCpus, showMemory } from "./judge-limits.ts";

const half = { value: 0.5, text: "0.5", line: 1 };
const stated = { memory: null, cpus: half, file: "limits.env" };

/** A group in which each look at a counter takes the next of its values, and programs that end at once. */
function stage(values: { cpuLimit?: number | null; throttled?: number[]; cpuSeconds?: () => number }) {
  const throttled = [...(values.throttled ?? [0])];
  const commands: string[][] = [];
  const next = (left: number[]) => (left.length > 1 ? (left.shift() ?? 0) : (left[0] ?? 0));
  const group: Cgroup = {
    version: 2,
    memoryLimit: async () => 64 * 1024 ** 2,
    cpuLimit: async () => (values.cpuLimit === undefined ? 0.5 : values.cpuLimit),
    cpuSeconds: async () => values.cpuSeconds?.() ?? 0,
    throttledPeriods: async () => next(throttled),
    oomKills: async () => 0,
    forksRefused: async () => 0,
    joinFiles: [],
  };
  const ended: CommandResult = { exitCode: null, ended: "timed-out", stdout: "", stderr: "", durationMs: 0 };
  const context = {
    log: () => undefined,
    remainingMs: () => 60_000,
    run: async (command: string[]) => {
      commands.push(command);
      return ended;
    },
  } as unknown as CheckContext;
  return { context, group, commands };
}

describe("a CPU limit", () => {
  test("bites when the kernel counts a period in which it held programs back", async () => {
    const { context, group } = stage({ throttled: [0, 9] });
    expect(await showCpus(context, group, half)).toEqual({ outcome: "bites" });
  });

  test("gets a higher load when the computer is too busy to reach it", async () => {
    const { context, group, commands } = stage({ throttled: [0, 0, 0, 3] });
    expect(await showCpus(context, group, half)).toEqual({ outcome: "bites" });
    expect(commands).toHaveLength(2 + 4);
  });

  test("that no load reaches is set and not shown, costs nothing, and the message says so", async () => {
    const { context, group } = stage({});
    const shown = await showCpus(context, group, half);
    expect(shown.outcome).toBe("not-shown");
    expect(passedInWords(stated, [shown])).toMatch(
      /^The limits of limits.env \(CPUS=0.5\) are set in the cgroup file system\. .* could not be shown, because the machine was too busy/,
    );
  });

  test("that is not in the group, or that programs pass unhindered, is the machine's fault", async () => {
    const unset = stage({ cpuLimit: null });
    expect(await showCpus(unset.context, unset.group, half)).toMatchObject({ outcome: "broken" });
    let used = 0;
    const loose = stage({
      cpuSeconds: () => {
        used += 1000;
        return used;
      },
    });
    expect(await showCpus(loose.context, loose.group, half)).toMatchObject({ outcome: "broken" });
  });
});

test("a memory limit that ends nobody is the machine's fault", async () => {
  const { context, group } = stage({});
  const shown = await showMemory(context, group, { value: 64 * 1024 ** 2, text: "64m", line: 1 });
  expect(shown).toMatchObject({ outcome: "broken" });
});

describe("a quiet container that lost its share", () => {
  const lost = { alone: 0.5, beside: 0.1, loud: 0.5 };
  test("is the machine's doing when both limits fit into the machine", () => {
    expect(judgeShares(lost, 0.5, 0.7).machine).toContain("0.10 beside a neighbour");
  });
  test("is the student's when they do not", () => {
    const judged = judgeShares({ alone: 2, beside: 0.2, loud: 1.8 }, 2, 0.7);
    expect(judged.machine).toBeNull();
    expect(judged.share.problem?.fix).toContain("two containers together must fit");
  });
  test("lost nothing when a busy computer gave both less", () => {
    const judged = judgeShares({ alone: 0.5, beside: 0.2, loud: 0.2 }, 0.5, 0.7);
    expect(judged).toMatchObject({ machine: null, share: { problem: null } });
  });
});
