import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import {
  appendEvents,
  chunkLines,
  emptyLog,
  findLine,
  groupLines,
  type Log,
  logAfter,
  textOf,
} from "./log-store.ts";

let id = 0;
const said = (line: string, check: string | null = null, attempt = 1): StreamedEvent => {
  id += 1;
  return { id, attempt, at: "2024-11-24T12:00:00.000Z", event: { type: "log", check, line } };
};
const allLines = (log: Log) => log.groups.flatMap((group) => group.chunks.flat());

describe("the log of a run", () => {
  it("numbers lines from 1 without gaps, however they arrive and whoever wrote them", () => {
    const writers = fc.constantFrom(null, "build", "http");
    fc.assert(
      fc.property(fc.array(fc.array(writers, { maxLength: 700 }), { maxLength: 6 }), (batches) => {
        let log = emptyLog;
        for (const batch of batches)
          log = appendEvents(
            log,
            batch.map((check) => said("x", check)),
          );
        const total = batches.flat().length;
        expect(log.lines).toBe(total);
        expect(
          allLines(log)
            .map((line) => line.number)
            .sort((a, b) => a - b),
        ).toEqual(Array.from({ length: total }, (_, index) => index + 1));
        for (const { check, chunks, ...group } of log.groups) {
          expect(chunks.slice(0, -1).every((chunk) => chunk.length === chunkLines)).toBe(true);
          const wanted = batches.flat().filter((one) => one === check).length;
          expect([groupLines({ chunks }), group.attempt]).toEqual([wanted, 1]);
        }
      }),
    );
  });

  it("keeps full chunks and other groups as they are, so that the page draws them once", () => {
    const lines = Array.from({ length: chunkLines + 10 }, () => said("x", "build"));
    const before = appendEvents(emptyLog, [said("of the machine"), ...lines]);
    const after = appendEvents(before, [said("y", "build")]);
    expect(after.groups[0]).toBe(before.groups[0]);
    expect(after.groups[1]?.chunks[0]).toBe(before.groups[1]?.chunks[0]);
    expect(after.groups[1]?.chunks[1]).not.toBe(before.groups[1]?.chunks[1]);
  });

  it("keeps what was written in another attempt apart, and what each check ended with", () => {
    const finished: StreamedEvent = {
      ...said(""),
      event: {
        ...{ type: "check-finished", check: "build", title: "The image builds", verdict: "failed" },
        ...{ points: 0, maxPoints: 10, durationMs: 1200 },
      },
    };
    const log = appendEvents(emptyLog, [said("first", "build"), finished, said("again", "build", 2)]);
    expect(log.groups.map(({ attempt, verdict, title }) => [attempt, verdict, title])).toEqual([
      [1, "failed", "The image builds"],
      [2, null, null],
    ]);
    expect(findLine(log, 2)?.group.attempt).toBe(2);
    expect(findLine(log, 3)).toBeNull();
  });

  it("goes on after lines that are not here", () => {
    const log = appendEvents(logAfter(900), [said("the end")]);
    expect([log.lines, log.missing, allLines(log)[0]?.number]).toEqual([901, 900, 901]);
  });

  it("is copied without colours", () => {
    expect(textOf(appendEvents(emptyLog, [said("\u001b[31mred\u001b[0m"), said("plain")]).groups)).toBe(
      "red\nplain\n",
    );
  });
});
