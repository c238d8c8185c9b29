import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import type { CheckOutcome, RunEvent } from "#grading/protocol/messages.ts";
import { fileOf, referenceSolution } from "#tests/fixtures/reference-solution.ts";
import { openTestMachines, type TestMachines } from "./support/grade-files.ts";

const exercise = "content/tcss562-f2024/exercises/docker-containers";
/** Looks for the rate, and for what else is hidden, wherever a program of the container can look. */
const forging = `#!/bin/sh
head -c 2000 /check/* 2>/dev/null
for each in /proc/[0-9]*; do
  tr '\\0' '\\n' < $each/cmdline | grep -A1 -x 'v[12]' | tail -1
  tr '\\0' '\\n' < $each/environ | grep -i 'percent\\|rate\\|drydock'
done 2>/dev/null
find / -xdev -name 'monitor*' 2>/dev/null | grep -v submission
`;

let machines: TestMachines;
beforeAll(async () => {
  machines = await openTestMachines();
}, 600_000);

async function grade(monitor: string): Promise<{ checks: CheckOutcome[]; events: RunEvent[] }> {
  const check = (version: string) => ({
    id: version,
    kind: "shell/run",
    title: version,
    points: 5,
    with: {
      where: "machine",
      script: "monitor.mjs",
      args: [version],
      sandbox: { user: "10001:10001" },
      result: true,
      seconds: 30,
    },
  });
  const hidden = { "monitor.mjs": await readFile(`${exercise}/hidden/monitor.mjs`, "utf8") };
  const spec = { slug: "monitor", title: "Monitor", checks: [check("v1"), check("v2")] };
  const graded = await machines.grade(spec, hidden, { "monitor.sh": monitor });
  expect(graded.reason).toBeNull();
  return graded;
}

test("a monitor that looks for the rate in other processes and in hidden files finds neither", async () => {
  const { checks, events } = await grade(forging);
  for (const check of checks) {
    expect(check).toMatchObject({ verdict: "failed", points: 0 });
    // Its own output, quoted: none of it is of the script beside the engine.
    expect(check.message.happened).not.toMatch(/randomInt|DRYDOCK|the load was/);
  }
  expect(JSON.stringify(events)).not.toContain("randomInt");
}, 300_000);

test("one that reads the counters passes, whatever the rate", async () => {
  const { checks } = await grade(
    await readFile(fileOf(await referenceSolution(exercise, "python"), "monitor.sh"), "utf8"),
  );
  expect(checks.map(({ verdict }) => verdict)).toEqual(["passed", "passed"]);
}, 300_000);
