import { describe, expect, test } from "vitest";
import { ShownByCheck } from "../../../../kit/shown/shown.ts";
import { lostInWords, showLost } from "./lost-in-words.ts";
import type { FailedRequest } from "./steady-load.ts";

const failure = (atMs: number, reason: FailedRequest["reason"] = "refused"): FailedRequest => ({
  atMs,
  tookMs: 5,
  reason,
  detail: reason === "status" ? "status 503" : "connect ECONNREFUSED",
});
const failures = [failure(1000, "timeout"), failure(2000), failure(3000), failure(2500, "status")];

describe("the sentence about lost requests", () => {
  test("counts each reason, the most frequent first, and says when", () => {
    expect(lostInWords({ sent: 90, answered: 86, failed: 4, failures })).toBe(
      "4 of 90 requests failed: 2 had their connection refused, 1 got no answer in time, 1 were answered with another status (status 503) (between 1.0 s and 3.0 s of the drill).",
    );
  });

  test("says that none failed", () => {
    expect(lostInWords({ sent: 9, answered: 9, failed: 0, failures: [] })).toBe("None of 9 requests failed.");
  });
});

describe("the failed requests that a student may look at", () => {
  test("are counted by what happened, with the first of each", () => {
    const shown = new ShownByCheck();
    const many = Array.from({ length: 60 }, (_, at) => failure(at * 100));
    showLost({ shown }, "/", {
      sent: 90,
      answered: 29,
      failed: 61,
      failures: [...many, failure(9000, "status")],
    });
    expect(shown.take()).toEqual([
      {
        title: "Failed requests: 61 of 90 requests GET /",
        lines: [
          "60 had their connection refused, such as",
          "  at 0.0 s of the drill, after 5 ms: connect ECONNREFUSED",
          "  at 0.1 s of the drill, after 5 ms: connect ECONNREFUSED",
          "  at 0.2 s of the drill, after 5 ms: connect ECONNREFUSED",
          "1 were answered with another status, such as",
          "  at 9.0 s of the drill, after 5 ms: status 503",
        ],
        leftOut: 0,
      },
    ]);
  });

  test("are none when none failed", () => {
    const shown = new ShownByCheck();
    showLost({ shown }, "/", { sent: 9, answered: 9, failed: 0, failures: [] });
    expect(shown.take()).toEqual([]);
  });
});
