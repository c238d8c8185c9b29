import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLimits } from "./parse-limits.ts";

describe("limits as a student states them", () => {
  test("mean what docker run would take them for", () => {
    const of = (text: string) => {
      const parsed = parseLimits(text);
      return parsed.outcome === "ok"
        ? [parsed.limits.memory?.value, parsed.limits.cpus?.value]
        : parsed.problem;
    };
    expect(of("# mine\nMEMORY=64m\nCPUS=0.5 # half\n")).toEqual([64 * 2 ** 20, 0.5]);
    expect(of('export MEMORY="1G"\r\nCPUS=.25\r\n')).toEqual([2 ** 30, 0.25]);
    expect(of("")).toEqual([undefined, undefined]);
    expect(of("\nMEMORY=lots")).toBe("line 2 says MEMORY=lots, which is no size such as 64m");
    expect(of("CPUS=-1")).toBe("line 1 says CPUS=-1, which is no number such as 0.5");
    expect(of("MEMORY=")).toContain("line 1");
  });

  test("any text gives limits or a problem, and limits are positive numbers", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `MEMORY=${s}`),
          fc.string().map((s) => `CPUS=${s}`),
        ),
        (text) => {
          const parsed = parseLimits(text);
          if (parsed.outcome !== "ok") return;
          for (const stated of [parsed.limits.memory, parsed.limits.cpus])
            if (stated) expect(stated.value).toBeGreaterThan(0);
        },
      ),
    );
  });
});
