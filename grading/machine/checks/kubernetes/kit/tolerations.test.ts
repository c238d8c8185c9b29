import { describe, expect, it } from "vitest";
import { taintInWords, tolerates, untolerated } from "./tolerations.ts";

const taint = { key: "gpu", value: "true", effect: "NoSchedule" };

describe("tolerates", () => {
  it("needs the key, the value and the effect of the taint", () => {
    expect(tolerates([{ key: "gpu", value: "true", effect: "NoSchedule" }], taint)).toBe(true);
    expect(tolerates([{ key: "gpu", operator: "Equal", value: "false", effect: "NoSchedule" }], taint)).toBe(
      false,
    );
    expect(tolerates([{ key: "cpu", value: "true", effect: "NoSchedule" }], taint)).toBe(false);
    expect(tolerates([{ key: "gpu", value: "true", effect: "NoExecute" }], taint)).toBe(false);
    expect(tolerates(undefined, taint)).toBe(false);
  });

  it("takes Exists for any value, no effect for every effect, no key with Exists for everything", () => {
    expect(tolerates([{ key: "gpu", operator: "Exists" }], taint)).toBe(true);
    expect(tolerates([{ operator: "Exists" }], taint)).toBe(true);
    expect(tolerates([{ value: "true" }], taint)).toBe(false);
  });

  it("ignores taints that only ask the scheduler to prefer other nodes", () => {
    expect(untolerated([], [{ ...taint, effect: "PreferNoSchedule" }])).toEqual([]);
    expect(untolerated([], [taint]).map(taintInWords)).toEqual(["gpu=true:NoSchedule"]);
  });
});
