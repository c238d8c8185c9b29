import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { defineFacility } from "../facilities/catalogue.ts";
import type { FacilityStart } from "../facilities/kit/start-facility.ts";
import { type FacilityStarts, startFacilities, warmFacilities } from "./start-facilities.ts";

const said: string[] = [];
const context = { docker: {} as never, say: () => {}, signal: new AbortController().signal };
const started = (name: string) => ({ handle: name, ask: async () => {}, close: async () => {} });

const facility = (name: string, needs: string[], warm = false): FacilityStart<z.ZodType> => {
  const size = { cpus: 1, memoryMiB: 512, processes: 100 };
  const kind = defineFacility({
    ...{ name, title: name, settings: z.strictObject({}), needs, startSeconds: 10, size },
  });
  const start = async () => {
    said.push(`${name} starts`);
    return started(name);
  };
  if (!warm) return { kind, start };
  const take = async () => {
    said.push(`${name} wakes`);
    return started(name);
  };
  const sleep = async (_: unknown, nodes: number) => {
    said.push(`${name} sleeps with ${nodes}`);
    return { take };
  };
  return { kind, start, warm: sleep };
};
const startsOf = (...all: FacilityStart<z.ZodType>[]): FacilityStarts =>
  new Map(all.map((one) => [one.kind.name, one]));
const starts = startsOf(
  facility("engine", []),
  facility("kubernetes", ["engine"], true),
  facility("lone", []),
  facility("queue", ["engine"], true),
);

afterEach(() => {
  said.length = 0;
  vi.useRealTimers();
});

describe("what a machine starts", () => {
  test("before it has a run is what it has, and nothing of other machines", async () => {
    const warm = await warmFacilities(context, "engine+kubernetes", 2, starts);
    expect(said).toEqual(["engine starts", "kubernetes sleeps with 2"]);
    expect([...warm.keys()]).toEqual(["kubernetes"]);
  });

  test("before it has a run is its engine alone, where there is nothing else in it", async () => {
    expect(await warmFacilities(context, "engine", 0, starts)).toEqual(new Map());
    expect(said).toEqual(["engine starts"]);
  });

  test("for a run wakes what sleeps, and starts the rest", async () => {
    const warm = await warmFacilities(context, "engine+kubernetes", 1, starts);
    said.length = 0;
    const spec = { facilities: { kubernetes: {}, queue: {} } };
    const ready = await startFacilities(context, spec, warm, () => {}, starts);
    expect(said).toEqual(["engine starts", "kubernetes wakes", "queue starts"]);
    expect([...ready.keys()]).toEqual(["engine", "kubernetes", "queue"]);
  });

  test("that is not there in its time is told to stop, and named", async () => {
    vi.useFakeTimers();
    let told: AbortSignal | undefined;
    const engine: FacilityStart<z.ZodType> = {
      ...facility("engine", []),
      start: ({ signal }) => {
        told = signal;
        return new Promise(() => {});
      },
    };
    const starting = startFacilities(context, { facilities: {} }, new Map(), () => {}, startsOf(engine));
    const failed = expect(starting).rejects.toMatchObject({
      code: "engine",
      cause: { message: "engine was not there within 10 s." },
    });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(told?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(4_000);
    await failed;
    expect(told?.aborted).toBe(true);
  });
});
