import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseYaml } from "./parse-yaml.ts";

const schema = z.object({ a: z.string() });
const problems = (text: string) => {
  const parsed = parseYaml(text, schema);
  return parsed.outcome === "ok" ? [] : parsed.problems;
};

describe("YAML of an instructor", () => {
  test("with an alias that names nothing is a problem of the file", () => {
    expect(problems("a: *x\n")).toEqual([{ line: 1, message: expect.stringContaining("alias") }]);
  });

  test("whose aliases grow beyond all measure is a problem of the file", () => {
    const tenOf = (name: string) => `[${Array(10).fill(`*${name}`).join(", ")}]`;
    const text = `z: &z [1]\ny: &y ${tenOf("z")}\nx: &x ${tenOf("y")}\nw: &w ${tenOf("x")}\na: ${tenOf("w")}\n`;
    expect(problems(text)).toEqual([{ line: 1, message: expect.stringContaining("alias count") }]);
  });

  test.each(["[", "{", "- ", "? ", '{"a":'])("that nests %j 20,000 times ends no process", (opening) => {
    expect(problems(opening.repeat(20_000))).toEqual([
      { line: 1, message: expect.stringContaining("nests more than 200") },
    ]);
  });
});
