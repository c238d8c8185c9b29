import { describe, expect, test } from "vitest";
import type { CheckSpec } from "../../exercises/spec/spec.ts";
import { type RunEvent, runEvent, runResult, type SequencedEvent } from "../../protocol/messages.ts";
import type { CheckVerdict } from "../checks/kit/define-check.ts";
import { nothingLeft, outcomeOf } from "./judge-check.ts";
import { createEventStream } from "./log/event-stream.ts";
import { finished } from "./run-checks.ts";

const spec: CheckSpec = {
  id: "run",
  kind: "docker/run",
  title: "It runs",
  points: 5,
  needs: [],
  timeoutSeconds: 30,
  with: {},
};
const times = { startedAt: null, durationMs: 0 };
const message = { expected: "It ends.", happened: "It does not.", fix: "End it." };
const shown = [{ title: "What your program wrote", lines: ["hello"], leftOut: 0 }];
const judged = (said: CheckVerdict, left: Partial<typeof nothingLeft> = {}) =>
  outcomeOf(spec, said, times, { ...nothingLeft, ...left });

describe("what a check shows", () => {
  test("is there when it failed, and only then", () => {
    expect(judged({ verdict: "failed", message }, { shown }).message.shown).toEqual(shown);
    expect(judged({ verdict: "passed", message }, { shown }).message.shown).toBeUndefined();
    const broke = { verdict: "not_graded", fault: "platform", message } as const;
    expect(judged(broke, { shown }).message.shown).toBeUndefined();
  });

  test("stands for staff too when a failed check left nothing for them", () => {
    expect(judged({ verdict: "failed", message }, { shown }).staffOutput).toBe(
      "It does not.\nWhat your program wrote:\nhello",
    );
    expect(judged({ verdict: "failed", message }, { shown, staffOutput: "exit 1" }).staffOutput).toBe(
      "exit 1",
    );
    expect(judged({ verdict: "passed", message }).staffOutput).toBe("");
  });
});

describe("what is said as a check ends", () => {
  test("is its message and whose fault it was, never what is for staff", () => {
    const event = finished(judged({ verdict: "failed", message }, { shown, staffOutput: "secret" }));
    expect(event).toMatchObject({ fault: "student", message: { ...message, shown } });
    expect(JSON.stringify(event)).not.toContain("secret");
  });

  test("is no message of a check that was not graded: it may quote the machine's inside", () => {
    const event = finished(judged({ verdict: "not_graded", fault: "platform", message }));
    expect(event).toMatchObject({ verdict: "not_graded", fault: "platform" });
    expect(event).not.toHaveProperty("message");
  });
});

/** As long as can be, of characters that take most room, with what no database holds. */
const longest = () => {
  const text = (length: number) => "\u0001\0\ud800\u20ac".repeat(length / 4);
  const line = { title: text(400), lines: Array.from({ length: 40 }, () => text(2000)), leftOut: 7 };
  return judged(
    { verdict: "failed", message: { expected: text(8000), happened: text(40_000), fix: text(8000) } },
    { shown: [line, line, line, line] },
  );
};

describe("a message of the greatest size", () => {
  test("fits the protocol, and holds nothing that a database does not", () => {
    const outcome = longest();
    expect(runEvent.safeParse(finished(outcome)).success).toBe(true);
    const checks = [outcome];
    const result = { runId: "run_1", attempt: 1, outcome: "graded", checks, fault: null };
    expect(
      runResult.safeParse({
        ...result,
        startedAt: "2024-11-12T18:00:00Z",
        finishedAt: "2024-11-12T18:00:00Z",
      }).success,
    ).toBe(true);
    expect(JSON.stringify(outcome)).not.toMatch(/\\u0000|\\ud800/i);
  });

  test("arrives with others of its kind in calls that the gateway takes", async () => {
    const calls: SequencedEvent[][] = [];
    const stream = createEventStream(
      async (events) => {
        calls.push(events);
        return { nextSeq: (events.at(-1)?.seq ?? 0) + 1 };
      },
      (error) => {
        throw error;
      },
    );
    const event = finished(longest());
    const empty: RunEvent = finished(
      judged(
        { verdict: "failed", message },
        {
          shown: Array.from({ length: 4 }, () => ({
            title: "t",
            lines: Array.from({ length: 40 }, () => ""),
            leftOut: 0,
          })),
        },
      ),
    );
    for (let at = 0; at < 12; at += 1) stream.emit(event);
    for (let at = 0; at < 200; at += 1) stream.emit(empty);
    await stream.flush();
    expect(calls.flat()).toHaveLength(212);
    for (const events of calls) {
      const body = JSON.stringify({ events });
      expect(Buffer.byteLength(body)).toBeLessThan(4 * 1024 * 1024);
      // As the gateway counts: a comma or an opening bracket each.
      expect(body.split(/[,[{]/).length).toBeLessThan(15_000);
    }
  });
});
