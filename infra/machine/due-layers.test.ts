import { expect, test } from "vitest";
import { dueLayers } from "./due-layers.ts";
import type { Layer } from "./recipe.ts";

const steps = ["root", "packages", "catalogue", "boot"] as const;
const layers = steps.map((step) => ({ step }) as Layer);
const day = (count: number) => new Date(Date.UTC(2024, 10, count));
const notBefore = day(10);

/** By step: the day of its packages, "undated" with the day on which it was made itself, or missing. */
function due(known: Partial<Record<Layer["step"], number | { undated: number }>>, age?: Date): string[] {
  const factsOf = ({ step }: Layer) => {
    const found = known[step];
    if (found === undefined) return null;
    const dated = typeof found === "number";
    return { madeAt: day(dated ? found : found.undated), dated };
  };
  return dueLayers(layers, factsOf, age).map(({ step }) => step);
}

test("without an age only what is missing is made, however old the rest is", () => {
  const there = { root: 1, packages: 1, catalogue: 1, boot: 1 };
  expect(due(there)).toEqual([]);
  expect(due({ root: 1, packages: 1, catalogue: 1 })).toEqual(["boot"]);
});

test("old packages are installed anew in a root of today, with all above", () => {
  expect(due({ root: 1, packages: 9, catalogue: 9, boot: 9 }, notBefore)).toEqual([...steps]);
  expect(due({ root: 1, packages: 10, catalogue: 10, boot: 10 }, notBefore)).toEqual([]);
});

test("a renewal that was ended half-way goes on from there, though what is above looks younger", () => {
  expect(due({ root: 1, packages: 12, catalogue: 3, boot: 3 }, notBefore)).toEqual(["catalogue", "boot"]);
  const undated = { root: 1, packages: 12, catalogue: { undated: 11 }, boot: { undated: 11 } };
  expect(due(undated, notBefore)).toEqual(["catalogue", "boot"]);
});

test("images from before they had a date are as old as the layer of their packages", () => {
  const made = { packages: { undated: 2 }, catalogue: { undated: 11 }, boot: { undated: 11 } };
  expect(due({ root: { undated: 2 }, ...made }, notBefore)).toEqual([...steps]);
});
