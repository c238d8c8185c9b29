import fc from "fast-check";
import { expect, test } from "vitest";
import { splitAtMatches } from "./ansi.ts";
import { createLogSearch } from "./log-search.ts";
import type { LogSection } from "./log-sections.ts";
import { appendEvents, emptyLog, type Log } from "./log-store.ts";

const logOf = (log: Log, lines: [string, string | null][]) =>
  appendEvents(
    log,
    lines.map(([line, check], index) => ({
      ...{ id: log.lines + index + 1, attempt: 1, at: "2024-11-24T12:00:00.000Z" },
      event: { type: "log" as const, check, line },
    })),
  );
const sectionsOf = (log: Log) => log.groups.map((group) => ({ id: `${group.check}`, group }) as LogSection);

test("lines are found whatever their case and colour, with the parts that hold them", () => {
  const log = logOf(emptyLog, [
    ["\u001b[31mError\u001b[0m one", null],
    ["fine", "files"],
    ["an error", "build"],
  ]);
  const search = createLogSearch();
  expect(search(sectionsOf(log), "ERROR")).toMatchObject({
    lines: [1, 3],
    sections: new Set(["null", "build"]),
  });
  expect(search(sectionsOf(log), "").lines).toEqual([]);
});

test("lines that arrive are found as well, and those of another query are forgotten", () => {
  const search = createLogSearch();
  const log = logOf(emptyLog, [["first", null]]);
  expect(search(sectionsOf(log), "r").lines).toEqual([1]);
  const more = logOf(log, [["other", null]]);
  expect(search(sectionsOf(more), "r").lines).toEqual([1, 2]);
  expect(search(sectionsOf(more), "fi").lines).toEqual([1]);
});

test("whatever is typed is looked for as it stands, never as a pattern, and what is found is what is marked", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (query, before, after) => {
      const line = `${before}${query}${after}`.replaceAll(/[^\x20-\x7e]/g, "?");
      const wanted = query.replaceAll(/[^\x20-\x7e]/g, "?");
      const log = logOf(emptyLog, [[line, null]]);
      expect(createLogSearch()(sectionsOf(log), wanted).lines).toEqual([1]);
      expect(splitAtMatches(line, wanted).some((piece) => piece.hit)).toBe(true);
    }),
  );
  const log = logOf(emptyLog, [
    ["a.b", null],
    ["axb", null],
  ]);
  expect(createLogSearch()(sectionsOf(log), "a.b").lines).toEqual([1]);
});
