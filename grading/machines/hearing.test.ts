import { beforeEach, describe, expect, test } from "vitest";
import { Hearing } from "./hearing.ts";

const start = new Date("2024-11-12T18:00:00Z").getTime();
let wall: number;
let mono: number;
let hearing: Hearing;
beforeEach(() => {
  wall = start;
  mono = 1_000;
  hearing = new Hearing({
    clock: () => new Date(wall),
    monotonic: () => mono,
    gapMs: 5_000,
    jumpMs: 2_000,
  });
});
const pass = (ms: number) => {
  wall += ms;
  mono += ms;
};
const since = () => hearing.sight().since.getTime() - start;

describe("silence counts", () => {
  test("from when this process began, while calls of its own come through", () => {
    for (let second = 0; second < 60; second++) {
      pass(1_000);
      hearing.heard();
    }
    expect(since()).toBe(0);
    expect(hearing.gapAt).toBeNull();
  });

  test("from the end of a gap", () => {
    pass(5_001);
    hearing.heard();
    pass(1_000);
    expect(since()).toBe(5_001);
  });

  test("not at all while no call comes through, whoever looks first", () => {
    pass(5_001);
    expect(since()).toBe(5_001);
    pass(60_000);
    expect(since()).toBe(65_001);
  });

  test("from when a machine's call could not be taken down", () => {
    pass(3_000);
    hearing.missed();
    pass(1_000);
    hearing.heard();
    expect(since()).toBe(3_000);
    // Which a machine could bring about, so it excuses no lease.
    expect(hearing.gapAt).toBeNull();
  });

  test("from a jump of the clock, either way", () => {
    for (const by of [3_600_000, -3_600_000]) {
      wall += by;
      pass(1_000);
      hearing.heard();
      expect(hearing.sight().since).toEqual(new Date(wall));
    }
  });
});

describe("a jump of the clock", () => {
  test("ahead is how much further it is than the time that passed, and counts for what was there before", () => {
    pass(1_000);
    hearing.heard();
    pass(400);
    wall += 3_600_000;
    pass(600);
    hearing.sight();
    expect(hearing.jumps).toMatchObject([{ byMs: 3_600_000 }]);
    const [jump] = hearing.jumps;
    expect(jump?.at.getTime()).toBeGreaterThan(start + 1_400);
    expect(jump?.at.getTime()).toBeLessThan(wall - 500);
  });

  test("is none where the clock is kept right little by little, or the process was suspended", () => {
    for (let second = 0; second < 100; second++) {
      pass(1_000);
      wall += 500;
      hearing.heard();
    }
    pass(3_600_000);
    hearing.heard();
    expect(hearing.jumps).toEqual([]);
  });

  test("is none when the process is suspended between its looks at the two clocks", () => {
    let looks = 0;
    const torn = new Hearing({
      clock: () => new Date(wall),
      monotonic: () => {
        looks += 1;
        if (looks === 3) pass(60_000);
        return mono;
      },
      gapMs: 5_000,
      jumpMs: 2_000,
    });
    torn.sight();
    torn.sight();
    expect(torn.jumps).toEqual([]);
  });
});
