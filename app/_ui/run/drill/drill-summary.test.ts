import { describe, expect, it } from "vitest";
import type { DrillTimeline } from "#grading/protocol/messages.ts";
import { summariseDrill } from "./drill-summary.ts";

type Sample = DrillTimeline["samples"][number];

/** One sample a second. */
const drill = (
  samples: Partial<Sample>[],
  actions: [second: number, text: string][] = [],
): DrillTimeline => ({
  durationMs: Math.max(0, samples.length - 1) * 1000,
  samples: samples.map((sample, second) => ({
    atMs: second * 1000,
    desired: 3,
    pods: 3,
    ready: 3,
    endpoints: 3,
    answered: 0,
    failed: 0,
    ...sample,
  })),
  marks: actions.map(([second, text]) => ({ atMs: second * 1000, kind: "action", text })),
});

describe("what a drill showed in one sentence", () => {
  it("is the time from what was done until all was back, and the requests lost", () => {
    const samples = [{}, {}, { ready: 2, answered: 1200, failed: 4 }, { ready: 1 }, { ready: 2 }, {}];
    expect(summariseDrill(drill(samples, [[1, "Pod web-1 deleted"]]))).toBe(
      "At worst 1 of 3 pods were ready; all were ready 4 s after “Pod web-1 deleted”; 4 of 1,204 requests failed.",
    );
  });

  it("says so when nothing was ever missing", () => {
    expect(summariseDrill(drill([{ answered: 10 }, { pods: 4, answered: 10 }], [[0, "New version"]]))).toBe(
      "Everything that was asked for was ready throughout; none of 20 requests failed.",
    );
  });

  it("says so when not all was back at the end", () => {
    expect(
      summariseDrill(drill([{}, { ready: 0 }, { ready: 0 }, { ready: 2 }], [[1, "node-1 stopped"]])),
    ).toBe(
      "At worst 0 of 3 pods were ready, and not all were ready when the drill ended 2 s after “node-1 stopped”; no requests were sent.",
    );
  });

  it("tells of the longest of several recoveries, each from what was done last", () => {
    const samples = [
      {},
      { ready: 2 },
      {},
      {},
      { desired: 5 },
      { desired: 5, ready: 4 },
      { desired: 5, ready: 5, endpoints: 5 },
    ];
    const actions: [number, string][] = [
      [1, "Pod deleted"],
      [4, "Scaled to 5"],
    ];
    expect(summariseDrill(drill(samples, actions))).toMatch(
      /^At worst 3 of 5 pods were ready; all were ready 2 s after “Scaled to 5”/,
    );
  });

  it("does not count as a lack what was still starting before anything was done", () => {
    const samples = [{ ready: 0 }, { ready: 1 }, {}, {}];
    expect(summariseDrill(drill(samples, [[3, "Pod deleted"]]))).toMatch(/^Everything that was asked for/);
    expect(summariseDrill(drill(samples))).toMatch(
      /^At worst 0 of 3 pods were ready; all were ready 2 s later/,
    );
  });

  it("tells pods that are not ready from a Service that does not send to ready ones", () => {
    const samples = [{}, { endpoints: 1 }, {}];
    expect(summariseDrill(drill(samples, [[0, "Label changed"]]))).toMatch(
      /^All pods were ready, but at worst the Service had 1 of 3 addresses; it had all 2 s after “Label changed”/,
    );
  });

  it("waits for no addresses in a drill without a Service", () => {
    const samples = [{ endpoints: 0 }, { endpoints: 0 }];
    expect(summariseDrill(drill(samples))).toMatch(/^Everything that was asked for/);
  });

  it("keeps hostile and long texts out of the sentence", () => {
    const text = `Pod \u202e${"x".repeat(300)}`;
    const sentence = summariseDrill(drill([{ ready: 2 }, {}], [[0, text]]));
    expect(sentence).not.toContain("\u202e");
    expect(sentence.length).toBeLessThan(200);
  });

  it("holds when a drill saw nothing at all", () => {
    expect(summariseDrill({ durationMs: 0, samples: [], marks: [] })).toBe(
      "The drill ended before it could look at the cluster.",
    );
  });
});
