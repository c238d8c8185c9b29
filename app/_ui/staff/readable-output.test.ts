import fc from "fast-check";
import { expect, test } from "vitest";
import { readableOutput } from "./readable-output.ts";

test("a line of JSON is laid out, and text that only begins like it stays", () => {
  expect(readableOutput('mutants:\n[{"outcome":"bites"}]\n[INFO] started\n{broken')).toBe(
    'mutants:\n[\n  {\n    "outcome": "bites"\n  }\n]\n[INFO] started\n{broken',
  );
});

test("nothing is lost of any JSON, and nothing of any other text", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const shown = readableOutput(json);
      if (/^\s*[[{]/.test(json)) expect(JSON.parse(shown)).toEqual(JSON.parse(json));
      else expect(shown).toBe(json);
    }),
  );
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/[[{]/.test(text)),
      (text) => {
        expect(readableOutput(text)).toBe(text);
      },
    ),
  );
});
