import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineFacility, facilityCatalogue } from "../machine/facilities/catalogue.ts";
import {
  engineKind,
  facilitiesOf,
  isKnownKind,
  kindFor,
  kindOf,
  plainKinds,
  processLimit,
  sizeOf,
  startSeconds,
  titleOf,
} from "./machine-kind.ts";

const toy = (name: string, needs: string[], startSeconds = 10) =>
  defineFacility({
    name,
    title: name.toUpperCase(),
    settings: z.strictObject({}),
    needs,
    startSeconds,
    size: { cpus: 1, memoryMiB: 512, processes: 100 },
  });
const catalogue = [...facilityCatalogue, toy("queue", ["engine"]), toy("flow", ["queue"], 20)];

describe("the kind of a machine", () => {
  test("has what the facilities are built on, in the order in which they start", () => {
    expect(kindOf([], catalogue)).toBe(engineKind);
    expect(kindOf(["flow"], catalogue)).toBe("engine+queue+flow");
    expect(kindOf(["flow", "kubernetes"], catalogue)).toBe("engine+kubernetes+queue+flow");
    expect(kindFor({ facilities: { kubernetes: { nodes: 2 }, engine: undefined } })).toBe(
      "engine+kubernetes",
    );
    expect(() => kindOf(["quantum"], catalogue)).toThrow("There is no facility quantum.");
  });

  test("is the same whatever the order and however often they are named", () => {
    const names = fc.array(fc.constantFrom(...catalogue.map(({ name }) => name)));
    fc.assert(
      fc.property(names, (asked) => {
        const kind = kindOf(asked, catalogue);
        expect(kindOf(asked.toReversed().concat(asked), catalogue)).toBe(kind);
        expect(kindOf(kind.split("+"), catalogue)).toBe(kind);
        expect(facilitiesOf(kind, catalogue).map(({ name }) => name)).toEqual(kind.split("+"));
        for (const name of asked) expect(kind.split("+")).toContain(name);
      }),
    );
  });

  test("says what it is for, how long it starts and how large it is", () => {
    expect(
      plainKinds(catalogue)
        .slice(-2)
        .map((kind) => titleOf(kind, catalogue)),
    ).toEqual(["The machine for QUEUE exercises", "The machine for FLOW exercises"]);
    const both = kindOf(["flow", "kubernetes"], catalogue);
    expect(titleOf(both, catalogue)).toBe("The machine for Kubernetes and FLOW exercises");
    expect(startSeconds(both, catalogue)).toBe(90 + 90 + 10 + 20);
    expect(startSeconds("engine")).toBe(90);
    expect(processLimit(both, catalogue)).toBe(8192);
    expect(sizeOf(both, {}, catalogue)).toEqual({ cpus: 2, memoryMiB: 4096 });
    expect(sizeOf(both, { flow: { cpus: 4, memoryMiB: 1024 } }, catalogue)).toEqual({
      cpus: 4,
      memoryMiB: 4096,
    });
  });

  test("is as large as its outermost facilities want, whatever is set for what they need", () => {
    const set = { engine: { cpus: 8, memoryMiB: 16_384 }, kubernetes: { cpus: 1, memoryMiB: 1024 } };
    expect(sizeOf("engine+kubernetes", set)).toEqual({ cpus: 1, memoryMiB: 1024 });
    expect(sizeOf("engine", set)).toEqual({ cpus: 8, memoryMiB: 16_384 });
    expect(() => sizeOf("quantum", set)).toThrow("There is no machine quantum.");
  });

  test("is known where all that it is made of is", () => {
    expect(["engine", "engine+kubernetes"].map((kind) => isKnownKind(kind))).toEqual([true, true]);
    expect(["", "gpu", "engine+gpu", "5"].map((kind) => isKnownKind(kind))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
