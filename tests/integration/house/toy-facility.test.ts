import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { runCheck } from "#grading/machine/agent/run-check.ts";
import {
  type FacilityStarts,
  facilityStarts,
  startFacilities,
} from "#grading/machine/agent/start-facilities.ts";
import { defineCheck } from "#grading/machine/checks/kit/define-check.ts";
import { defineKind } from "#grading/machine/checks/kit/define-kind.ts";
import { defineFacility, facilityKinds, facilitySettings } from "#grading/machine/facilities/catalogue.ts";
import type { FacilityStart } from "#grading/machine/facilities/kit/start-facility.ts";
import { kindOf, processLimit, sizeOf, startSeconds, titleOf } from "#grading/machines/machine-kind.ts";
import { findRecipe, readLayers, recipeSteps } from "#infra/machine/recipe.ts";

/** All that a facility is: what it takes, what it needs, how it starts, and its step of the recipe. */
const toy = defineFacility({
  name: "toy",
  title: "Toy",
  settings: z.strictObject({ word: z.string().default("hello") }),
  needs: ["engine"],
  startSeconds: 7,
  size: { cpus: 3, memoryMiB: 3072, processes: 100 },
});
const started: string[] = [];
const startToy: FacilityStart<typeof toy.settings, { say(): string }> = {
  kind: toy,
  start: async (_, { word }, tell) => {
    tell("Starting a toy.");
    started.push("toy");
    return {
      handle: { say: () => word },
      ask: async () => {},
      close: async () => void started.push("closed"),
    };
  },
};
const toyStep = {
  step: "toy",
  title: "Installing the toy",
  seconds: 1,
  inputs: ["provision/steps/toy.sh"],
  only: "toy",
};

const kinds = { ...facilityKinds, toy };
const catalogue = Object.values(kinds);
const wanted = facilitySettings(kinds).parse({ toy: { word: "ahoy" } });
const kind = kindOf(Object.keys(wanted), catalogue);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "drydock-toy-"));
  await cp(await findRecipe(), path.join(dir, "recipe"), { recursive: true });
  await writeFile(path.join(dir, "recipe/provision/steps/toy.sh"), "echo toy\n");
  await mkdir(path.join(dir, "work"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe("a facility of one kind and one start", () => {
  test("takes its settings, and names the machine that it wants", () => {
    expect(kind).toBe("engine+toy");
    expect(titleOf(kind, catalogue)).toBe("The machine for Toy exercises");
    expect(facilitySettings(kinds).safeParse({ toy: { words: 1 } }).success).toBe(false);
    expect(exerciseSpec.shape.facilities.safeParse({ toy: {} }).success).toBe(false);
  });

  test("has its layer in its own machine's image, and in no other's", async () => {
    const last = recipeSteps.length - 1;
    const steps = [...recipeSteps.slice(0, last), toyStep, ...recipeSteps.slice(last)];
    const layersOf = async (one: string) => readLayers(path.join(dir, "recipe"), "amd64", one, steps);
    expect((await layersOf(kind)).map(({ step }) => step)).toEqual([
      ...["root", "packages", "catalogue", "toy", "boot"],
    ]);
    for (const other of ["engine", "engine+kubernetes"])
      expect((await layersOf(other)).map(({ image }) => image)).toEqual(
        (await readLayers(path.join(dir, "recipe"), "amd64", other)).map(({ image }) => image),
      );
  });

  test("is leased for as long as it may take to start, in a machine that is large enough for it", () => {
    expect(startSeconds(kind, catalogue)).toBe(90 + 7);
    expect(sizeOf(kind, {}, catalogue)).toEqual({ cpus: 3, memoryMiB: 3072 });
    expect(processLimit(kind, catalogue)).toBe(4096);
  });

  test("is started after what it is built on, and a check that asks for it is graded", async () => {
    const engine = facilityStarts.get("engine");
    if (engine === undefined) throw new Error("There is no engine.");
    const starts: FacilityStarts = new Map([
      ["engine", engine],
      ["toy", startToy],
    ]);
    const docker = { ping: async () => void started.push("engine") } as never;
    const signal = new AbortController().signal;
    const said: string[] = [];
    const context = { docker, say: () => {}, signal };
    const facilities = await startFacilities(
      context,
      { facilities: wanted },
      new Map(),
      (line) => said.push(line),
      starts,
    );
    expect(started).toEqual(["engine", "toy"]);
    expect(said).toEqual(["Starting a toy."]);

    const settings = z.strictObject({});
    const asksToy = defineCheck(
      defineKind({ kind: "toy/says", summary: "It says its word.", settings, defaultTimeoutSeconds: 5 }),
      async ({ facility }) => {
        const word = (facility("toy") as { say(): string }).say();
        return { verdict: "passed", message: { expected: "A word.", happened: word, fix: "" } };
      },
    );
    const check = {
      ...{ id: "toy", kind: "toy/says", title: "Toy", points: 1, needs: [], timeoutSeconds: 5, with: {} },
    };
    const spec = exerciseSpec.parse({ slug: "toy", title: "Toy", checks: [check] });
    const run = { spec, submissionDir: dir, hiddenDir: dir, facilities, emit: () => {}, signal };
    const shared = { builtImages: new Map(), values: new Map() };
    const { outcome } = await runCheck(run, check, { definition: asksToy, settings: {} }, Infinity, shared);
    expect(outcome).toMatchObject({ verdict: "passed", points: 1, message: { happened: "ahoy" } });
    for (const facility of facilities.values()) await facility.close();
    expect(started.at(-1)).toBe("closed");
  });
});
