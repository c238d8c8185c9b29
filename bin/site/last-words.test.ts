import { expect, test } from "vitest";
import { lastWords } from "./last-words.ts";

const line = (level: number, msg: string) => JSON.stringify({ level, pid: 1, msg, err: { stack: "at x" } });

test("a process that says why it ends is quoted with that sentence alone", () => {
  const log = [
    line(30, "Docker engine"),
    line(50, "The queue reports an error."),
    line(60, "Redis is away."),
  ];
  expect(lastWords(`${log.join("\n")}\n`)).toBe("Redis is away.");
});

test("one that says nothing is quoted with its last lines, its log's as sentences and others as they are", () => {
  const log = [line(30, "ready"), "Error: out of memory", '{"not": "a log"}'];
  expect(lastWords(log.join("\n"))).toBe('ready\nError: out of memory\n{"not": "a log"}');
});
