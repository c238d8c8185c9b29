import { describe, expect, it, test } from "vitest";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import type { CheckView, RunView } from "#app/_server/queries/run/run-view.ts";
import { logHash, logSections, opensByItself } from "./log-sections.ts";
import { appendEvents, emptyLog, logAfter } from "./log-store.ts";
import { parseLogAddress } from "./use-log-address.ts";

const said = (check: string | null, attempt: number): StreamedEvent => ({
  ...{ id: 1, attempt, at: "2024-11-24T12:00:00.000Z" },
  event: { type: "log", check, line: "x" },
});
const check = (id: string, over: Partial<CheckView>) =>
  ({ id, title: `Check ${id}`, progress: "waiting", verdict: null, durationMs: null, ...over }) as CheckView;
const view = (attempt: number, final = true) =>
  ({
    run: { attempt, final },
    attempts: [1, 2, 3].map((one) => ({ attempt: one, hadMachine: one !== 2 })),
    checks: [
      check("files", { progress: "finished", verdict: "passed", durationMs: 40 }),
      check("build", { progress: "finished", verdict: "failed", durationMs: 9000 }),
      check("http", {}),
    ],
  }) as unknown as RunView;

describe("the parts of a log", () => {
  it("are the machine and the checks in the order in which they began, with those that wrote nothing", () => {
    const log = appendEvents(emptyLog, [said(null, 1), said("build", 1), said("strange", 1)]);
    expect(logSections(log, view(1)).map(({ title, state, lines }) => [title, state, lines])).toEqual([
      ["Machine", null, 1],
      ["Check build", "failed", 1],
      ["strange", null, 1],
      ["Check files", "passed", 0],
    ]);
  });

  it("are in the exercise's order where only the end of the log is here", () => {
    const log = appendEvents(logAfter(900), [said("build", 1), said(null, 1)]);
    expect(logSections(log, view(1)).map(({ title }) => title)).toEqual([
      "Machine",
      "Check files",
      "Check build",
    ]);
  });

  it("stay where they are while others begin", () => {
    const writers = ["build", null, "files", "strange"];
    const events = writers.map((check, index) => ({ ...said(check, 1), id: index + 1 }));
    const titles = (count: number) =>
      logSections(appendEvents(emptyLog, events.slice(0, count)), view(1))
        .filter(({ group }) => group !== null)
        .map(({ title }) => title);
    for (let count = 1; count <= events.length; count++) {
      expect(titles(count).slice(0, count - 1)).toEqual(titles(count - 1));
    }
  });

  it("of an attempt that was broken off come before, under its number as its student counts", () => {
    const log = appendEvents(emptyLog, [said("build", 1), said("build", 3)]);
    const sections = logSections(log, view(3));
    expect(sections.map(({ id, title }) => [id, title])).toEqual([
      ["log-1-check-build", "Check build (attempt 1)"],
      ["log-check-build", "Check build"],
      ["log-check-files", "Check files"],
    ]);
  });

  it("each have an address of their own, which leads to the last attempt", () => {
    const log = appendEvents(emptyLog, [said("build", 1), said("build", 3), said(null, 3)]);
    const ids = logSections(log, view(3)).map((section) => section.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(parseLogAddress(`http://site.test/runs/r${logHash("build")}`)).toEqual({
      section: "log-check-build",
    });
    expect(parseLogAddress(`http://site.test/runs/r${logHash("a b/%")}`)).toEqual({
      section: "log-check-a b/%",
    });
    expect(ids).toContain("log-check-build");
    expect(ids).toContain(logHash(null).slice(1));
  });
});

test("an address that somebody made up names nothing", () => {
  for (const hash of ["", "#", "#log-%E0%A4%A", "#L", "#L12x", "#other"]) {
    const address = parseLogAddress(`http://site.test/runs/r${hash}`);
    expect(address === null || !("line" in address)).toBe(true);
  }
  expect(parseLogAddress("http://site.test/runs/r#L120")).toEqual({ line: 120 });
});

describe("what is open by itself", () => {
  const open = (
    section: { check?: string | null; state?: "passed" | "failed" | null; ofLastAttempt?: boolean },
    run: { settled?: boolean; graded?: boolean; alone?: boolean } = {},
  ) =>
    opensByItself(
      { check: "build", state: "passed", ofLastAttempt: true, ...section },
      { settled: true, graded: true, alone: false, ...run },
    );
  it("is everything while a run goes on, and what failed once it is over", () => {
    expect(open({}, { settled: false })).toBe(true);
    expect(open({})).toBe(false);
    expect(open({ state: "failed" })).toBe(true);
    expect(open({ state: "failed", ofLastAttempt: false })).toBe(false);
  });
  it("is what the machine says of a run without a result, and the only part of a log", () => {
    expect(open({ check: null, state: null })).toBe(false);
    expect(open({ check: null, state: null }, { graded: false })).toBe(true);
    expect(open({}, { alone: true })).toBe(true);
  });
});
