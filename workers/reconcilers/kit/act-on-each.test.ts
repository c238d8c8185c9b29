import { expect, test, vi } from "vitest";
import type { Log } from "#infra/telemetry/logger.ts";
import { actOnEach } from "./act-on-each.ts";

test("one run that cannot be scored, or machine that cannot be ended, holds up none of the others", async () => {
  const error = vi.fn();
  const acted: string[] = [];
  const broken = new Error("This row does not fit.");
  await actOnEach({ error } as unknown as Log, "scoring-sweep", ["a", "b", "c"], async (item) => {
    if (item === "a") throw broken;
    acted.push(item);
  });
  expect(acted).toEqual(["b", "c"]);
  expect(error).toHaveBeenCalledExactlyOnceWith(
    { err: broken, loop: "scoring-sweep", item: "a" },
    expect.any(String),
  );
});
