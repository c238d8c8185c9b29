import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter } from "./line-splitter.ts";

test("output splits into the same lines however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-zé€ ]{0,12}$/), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 5 })),
      (lines, cuts) => {
        const found: string[] = [];
        const splitter = createLineSplitter((line) => found.push(line));
        let bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        for (const cut of cuts) {
          splitter.write(bytes.subarray(0, cut));
          bytes = bytes.subarray(cut);
        }
        splitter.write(bytes);
        splitter.end();
        expect(found).toEqual(lines);
      },
    ),
  );
});
