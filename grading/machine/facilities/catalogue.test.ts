import { describe, expect, test } from "vitest";
import { z } from "zod";
import { facilityStarts } from "../agent/start-facilities.ts";
import { defineFacility, facilityCatalogue, facilityKinds } from "./catalogue.ts";

describe("the catalogue of facilities", () => {
  test("has a start in the machine for each, in the same order, and no other", () => {
    expect([...facilityStarts.keys()]).toEqual(facilityCatalogue.map(({ name }) => name));
  });

  test("names each by its own name", () => {
    expect(Object.entries(facilityKinds).map(([key, { name }]) => [key, name])).toEqual(
      facilityCatalogue.map(({ name }) => [name, name]),
    );
  });

  test("has what one is built on before it", () => {
    for (const [at, { needs }] of facilityCatalogue.entries())
      for (const need of needs)
        expect(facilityCatalogue.slice(0, at).map(({ name }) => name)).toContain(need);
  });

  test("takes an exercise that says nothing of one", () => {
    for (const { settings } of facilityCatalogue) expect(settings.safeParse({}).success).toBe(true);
  });

  test.each(["check", "files", "agent", "S3", "a+b", "3d", ""])("has none that is called %j", (name) => {
    const size = { cpus: 1, memoryMiB: 512, processes: 100 };
    const define = () =>
      defineFacility({ name, title: "X", settings: z.strictObject({}), needs: [], startSeconds: 1, size });
    expect(define).toThrow(`No facility can be called ${name}.`);
  });
});
