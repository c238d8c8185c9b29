import path from "node:path";
import { expect, it } from "vitest";
import { root, runCli } from "./run-cli.ts";

it("endless and flooding builds, fork bombs, deaf containers and forged verdicts score exactly what they state", async () => {
  const tested = await runCli([
    "exercise",
    "test",
    path.join(root, "tests/fixtures/exercises/hostile"),
    "--json",
  ]);
  const { solutions } = JSON.parse(tested.stdout);
  expect(solutions.flatMap((solution: { problems: string[] }) => solution.problems)).toEqual([]);
  expect(solutions).toHaveLength(9);
  expect(tested.code).toBe(0);
}, 1_800_000);
