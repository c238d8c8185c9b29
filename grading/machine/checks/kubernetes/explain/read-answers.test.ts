import { describe, expect, it } from "vitest";
import { parseAnswers } from "./read-answers.ts";

const answersOf = (text: string) => {
  const parsed = parseAnswers(text);
  if (parsed.outcome !== "ok") throw new Error(parsed.problem);
  return Object.fromEntries(parsed.answers);
};

describe("parseAnswers", () => {
  it("leaves every value as it was written", () => {
    expect(answersOf("ip: 10.96.0.10\ncount: 03\nready: yes\nnone: null\nversion: 1.10\n")).toEqual({
      ip: "10.96.0.10",
      count: "03",
      ready: "yes",
      none: "null",
      version: "1.10",
    });
  });

  it("reads lists, comments and answers over several lines", () => {
    expect(answersOf("# mine\nnodes: [node-1, node-2]\nwhy: >\n  because\n  it is full\n")).toEqual({
      nodes: ["node-1", "node-2"],
      why: "because it is full\n",
    });
  });

  it("reads answers that are no YAML line by line", () => {
    expect(answersOf("pending: 0/2 nodes are available: 2 Insufficient cpu.\nowner: ReplicaSet\n\n")).toEqual(
      {
        pending: "0/2 nodes are available: 2 Insufficient cpu.",
        owner: "ReplicaSet",
      },
    );
    expect(answersOf("\towner:\t`ReplicaSet`\n")).toEqual({ owner: "`ReplicaSet`" });
  });

  it("takes an empty file for one without answers", () => {
    expect(answersOf("")).toEqual({});
  });

  it.each(["[", "{", "- ", "? ", '{"a":'])("is ended by no text that nests %j 20,000 times", (opening) => {
    expect(parseAnswers(opening.repeat(20_000))).toMatchObject({ outcome: "invalid", line: 1 });
    expect(answersOf(`q: ${"[".repeat(20_000)}`)).toEqual({ q: "[".repeat(20_000) });
  });

  it("names the line of what it cannot read", () => {
    expect(parseAnswers("owner: a\nowner: b\n")).toMatchObject({ outcome: "invalid", line: 2 });
    expect(parseAnswers("- a\n- b\n")).toMatchObject({ outcome: "invalid", line: 1 });
    expect(parseAnswers("owner: ReplicaSet\nnode:\n  name: node-1\n")).toMatchObject({
      outcome: "invalid",
      line: 2,
    });
    expect(parseAnswers("owner: [a, b\nand so on\n")).toMatchObject({ outcome: "invalid" });
  });

  it("is not blown up by aliases", () => {
    expect(parseAnswers("a: &a [x]\nb: *a\n")).toMatchObject({ outcome: "invalid", line: 2 });
  });
});
