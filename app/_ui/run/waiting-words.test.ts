import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QueueView, RunView } from "#app/_server/queries/run/run-view.ts";
import { queueSentence, underWaySentence } from "./waiting-words.ts";

const queue = (over: Partial<QueueView> = {}): QueueView => ({
  ...{ position: 1, superseded: false, estimateSeconds: 0, finishSeconds: 35, slowFinishSeconds: 35 },
  ...{ basedOn: 20, overdue: null, why: null, waitsFor: null },
  ...over,
});

describe("what a queued run is told", () => {
  it("is its place and an estimate while that holds", () => {
    expect(queueSentence(queue({ position: 3, estimateSeconds: 12 }))).toBe(
      "You are number 3 in the queue. It should start in about 15 s and be graded in about 35 s; that rests on the last 20 runs.",
    );
  });

  it("is that it takes longer than usual and why, once the run before it is late: never again “in a moment”", () => {
    const said = queueSentence(queue({ overdue: { seconds: 64, usualSeconds: 35 } }));
    expect(said).toBe(
      "You are next. It takes longer than usual: the run before yours has been going for 1 min, and runs like that take 35 s. Your place stays, and your run starts by itself.",
    );
    fc.assert(
      fc.property(fc.nat(3600), fc.nat(3600), (usualSeconds, more) => {
        const words = queueSentence(queue({ overdue: { seconds: usualSeconds + more, usualSeconds } }));
        expect(words).not.toContain("moment");
      }),
    );
  });

  it("is what it waits for, before any estimate", () => {
    const said = queueSentence(queue({ waitsFor: "No machine.", overdue: { seconds: 9, usualSeconds: 1 } }));
    expect(said).toBe("No machine. Your run keeps its place and starts by itself.");
  });
});

describe("what a run under way is told", () => {
  const at = Date.UTC(2024, 10, 24, 12);
  const view = (
    over: Partial<RunView["run"]> = {},
    usual: RunView["usual"] = { seconds: 35, slowSeconds: 50, basedOn: 20 },
  ) =>
    ({
      run: { state: "running", final: false, ...over },
      road: { claimedAt: new Date(at).toISOString() },
      usual,
    }) as RunView;

  it("is how long runs like it take, and that it is slower only when it is slower than nine in ten", () => {
    const usual = "Runs like this take 35 s once a machine has them; that rests on the last 20 runs.";
    expect([0, 36, 50].map((s) => underWaySentence(view(), at + s * 1000))).toEqual([usual, usual, usual]);
    expect(underWaySentence(view(), at + 83_000)).toBe(
      "Longer than usual: runs like this take 35 s once a machine has them, this one 1 min 20 s so far. It goes on by itself.",
    );
  });

  it("is nothing while it waits or after it ended, and no invented figure without history", () => {
    expect(underWaySentence(view({ state: "queued" }), at)).toBeNull();
    expect(underWaySentence(view({ state: "graded", final: true }), at)).toBeNull();
    expect(underWaySentence(view({}, null), at)).toContain("no telling");
  });
});
