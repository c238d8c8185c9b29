import fc from "fast-check";
import { expect, test } from "vitest";
import { CappedOutput } from "./capped-output.ts";

test("captured output is never lost from the front, and its end is kept in bounded memory", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5000 }),
      (chunks, cap) => {
        const ascii = chunks.map((chunk) => Buffer.from(chunk.map((byte) => 97 + (byte % 26))));
        const output = new CappedOutput(cap);
        for (const chunk of ascii) output.write(chunk);
        const all = Buffer.concat(ascii).toString();
        const text = output.text();
        expect(output.total).toBe(all.length);
        expect(text.startsWith(all.slice(0, cap))).toBe(true);
        expect(text.endsWith(all.slice(Math.max(cap, all.length - 16_384)))).toBe(true);
        if (all.length <= cap) expect(text).toBe(all);
        if (all.length > cap + 16_384) expect(text).toContain("bytes of output left out here");
      },
    ),
  );
});
