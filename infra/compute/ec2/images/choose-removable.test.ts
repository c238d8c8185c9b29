import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseRemovable, usedByThisVersion } from "./choose-removable.ts";
import type { AccountImage } from "./list-images.ts";

const image = fc.record({
  imageId: fc.uuid(),
  machineKind: fc.constantFrom("engine", "engine+kubernetes", "engine+other"),
  recipe: fc.constantFrom("r1", "r2", "r3"),
  madeAt: fc.date({ noInvalidDate: true }),
  state: fc.constantFrom("available" as const, "pending" as const, "failed" as const),
});
const images = fc
  .array(image, { maxLength: 12 })
  .map((all) =>
    all.map((one): AccountImage => ({ ...one, name: one.imageId, sizeGiB: 16, snapshotIds: [] })),
  );
const recipes = new Map([
  ["engine", "r1"],
  ["engine+kubernetes", "r2"],
]);

test("what goes is older than the kept ones, used by nobody, and never one that is being made", () => {
  fc.assert(
    fc.property(images, fc.integer({ min: 1, max: 4 }), fc.nat(), (all, keep, pick) => {
      const running = new Set(all.length > 0 ? [all[pick % all.length]?.imageId ?? ""] : []);
      const gone = chooseRemovable(all, keep, { recipes, running });
      const used = usedByThisVersion(all, recipes);
      for (const one of gone) {
        expect(one.state).not.toBe("pending");
        expect(running.has(one.imageId) || used.has(one.imageId)).toBe(false);
        const newer = all.filter(
          (other) =>
            other.machineKind === one.machineKind && other.state === "available" && !gone.includes(other),
        );
        if (one.state !== "available") continue;
        expect(newer.length).toBeGreaterThanOrEqual(keep);
        expect(newer.filter(({ madeAt }) => madeAt >= one.madeAt).length).toBeGreaterThanOrEqual(keep);
      }
      // And all that may go does: of what can be launched no more stay than are kept or used.
      for (const kind of new Set(all.map(({ machineKind }) => machineKind))) {
        const stay = all.filter(
          (one) => one.machineKind === kind && one.state === "available" && !gone.includes(one),
        );
        const spare = stay.filter(({ imageId }) => !running.has(imageId) && !used.has(imageId));
        expect(spare.length).toBeLessThanOrEqual(keep);
      }
    }),
  );
});

test("of a recipe the newest image that can be launched is used", () => {
  const base = { name: "", machineKind: "engine", recipe: "r1", sizeGiB: 16, snapshotIds: [] };
  const all: AccountImage[] = [
    { ...base, imageId: "old", madeAt: new Date(1), state: "available" },
    { ...base, imageId: "new", madeAt: new Date(2), state: "available" },
    { ...base, imageId: "broken", madeAt: new Date(3), state: "failed" },
    { ...base, imageId: "other", madeAt: new Date(4), state: "available", recipe: "r2" },
  ];
  expect([...usedByThisVersion(all, recipes)]).toEqual(["new"]);
});
