import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { storedKind } from "./stored-json.ts";

/** Three versions of one kind: a limit in seconds, in milliseconds, and as an object. */
const kind = storedKind("limit", z.strictObject({ limit: z.strictObject({ ms: z.number() }) }), [
  (old) => ({ ms: (old as { seconds: number }).seconds * 1000 }),
  (old) => ({ limit: { ms: z.number().parse((old as { ms: unknown }).ms) } }),
]);
const read = { outcome: "read", value: { limit: { ms: 5000 } } };

describe("stored JSON", () => {
  test("of every version reads as the newest; what has no version is of the first", () => {
    expect(kind.read({ seconds: 5 })).toEqual(read);
    expect(kind.read({ $version: 1, seconds: 5 })).toEqual(read);
    expect(kind.read({ $version: 2, ms: 5000 })).toEqual(read);
    expect(kind.read({ $version: 3, limit: { ms: 5000 } })).toEqual(read);
  });

  test("is written with its version, but the first without, so that an older Drydock reads it too", () => {
    expect(kind.write({ limit: { ms: 5000 } })).toEqual({ $version: 3, limit: { ms: 5000 } });
    expect(storedKind("words", z.array(z.string())).write(["a"])).toEqual(["a"]);
    fc.assert(
      fc.property(fc.integer(), (ms) => {
        expect(kind.read(kind.write({ limit: { ms } }))).toEqual({
          outcome: "read",
          value: { limit: { ms } },
        });
      }),
    );
  });

  test("that is no object keeps its version beside it, as does one that has the key for it", () => {
    const record = storedKind("record", z.record(z.string(), z.number()), [(old) => old]);
    expect(record.read(record.write({ $value: 1 }))).toEqual({ outcome: "read", value: { $value: 1 } });
    const words = storedKind("words", z.array(z.string()), [(old) => [old]]);
    expect(words.read("one")).toEqual({ outcome: "read", value: ["one"] });
    expect(words.write(["a", "b"])).toEqual({ $version: 2, $value: ["a", "b"] });
    fc.assert(
      fc.property(fc.array(fc.string()), (value) => {
        expect(words.read(words.write(value))).toEqual({ outcome: "read", value });
      }),
    );
  });

  test.each([
    ["a newer version", { $version: 4, limit: {} }, "version 4; known are 1 to 3"],
    ["a version that is none", { $version: "2", ms: 1 }, "version NaN"],
    ["the version 0", { $version: 0 }, "version 0"],
    ["a field too many", { $version: 3, limit: { ms: 1, s: 2 } }, "limit"],
    ["an upcast that throws", { $version: 2, ms: "long" }, "brought up to version 3"],
    ["nothing", null, "limit"],
  ])("of %s is unreadable, and says why in one line", (_what, json, why) => {
    expect(kind.read(json)).toEqual({ outcome: "unreadable", why: expect.stringContaining(why) });
  });

  test("never throws, and the why stays short", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything()), (json) => {
        const stored = kind.read(json);
        if (stored.outcome === "unreadable") expect(stored.why.length).toBeLessThanOrEqual(400);
      }),
    );
  });
});
