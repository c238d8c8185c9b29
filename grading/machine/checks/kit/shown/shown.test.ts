import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shownLines } from "../../../../protocol/messages.ts";
import { ShownByCheck } from "./shown.ts";

const taken = (write: (shown: ShownByCheck) => void) => {
  const shown = new ShownByCheck();
  write(shown);
  return shown.take();
};

describe("what a student may look at", () => {
  test("are the last 40 lines, with how many came before", () => {
    const [excerpt] = taken((shown) => {
      const program = shown.excerpt("What your program wrote");
      for (let line = 1; line <= 100; line += 1) program.write(Buffer.from(`line ${line}\n`));
    });
    expect(excerpt).toMatchObject({ title: "What your program wrote", leftOut: 60 });
    expect([excerpt?.lines[0], excerpt?.lines.at(-1), excerpt?.lines.length]).toEqual([
      "line 61",
      "line 100",
      40,
    ]);
  });

  test("has both outputs in the order of their lines, and marks the one for errors", () => {
    const [excerpt] = taken((shown) => {
      const program = shown.excerpt("Wrote");
      program.write(Buffer.from("listen"), "stdout");
      program.write(Buffer.from("Traceback\n"), "stderr");
      program.write(Buffer.from("ing\nno end"), "stdout");
    });
    expect(excerpt?.lines).toEqual(["[stderr] Traceback", "listening", "no end"]);
  });

  test("says once that all of it went to standard error", () => {
    const [excerpt] = taken((shown) => shown.excerpt("Wrote").write(Buffer.from("a\nb\n"), "stderr"));
    expect(excerpt).toEqual({ title: "Wrote, to standard error", lines: ["a", "b"], leftOut: 0 });
  });

  test("is nothing of a program that wrote nothing or only empty lines, and never more than four excerpts", () => {
    expect(taken((shown) => shown.excerpt("Wrote"))).toEqual([]);
    expect(taken((shown) => shown.excerpt("Wrote").write(Buffer.from("\n \n")))).toEqual([]);
    const many = taken((shown) => {
      for (const name of ["empty", "a", "b", "c", "d", "e"]) {
        const excerpt = shown.excerpt(name);
        if (name !== "empty") excerpt.line("x");
      }
    });
    expect(many.map(({ title }) => title)).toEqual(["a", "b", "c", "d"]);
  });

  test("has no colours, and shows what nobody can see by its number", () => {
    const [excerpt] = taken((shown) =>
      shown.excerpt("W\u202e").line("\u001b[31mred\u001b[0m \0 \u202e \u0007 <b>"),
    );
    expect(excerpt).toEqual({ title: "W\\x202e", lines: ["red \\x00 \\x202e \\x07 <b>"], leftOut: 0 });
  });

  test("is what the protocol takes, whatever bytes are written", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.uint8Array({ maxLength: 3000 }), fc.constantFrom("stdout" as const, "stderr" as const)),
          {
            maxLength: 30,
          },
        ),
        fc.string({ unit: "binary", maxLength: 300 }),
        (pieces, title) => {
          const all = taken((shown) => {
            const excerpt = shown.excerpt(title);
            for (const [bytes, stream] of pieces) excerpt.write(Buffer.from(bytes), stream);
          });
          for (const excerpt of all) expect(shownLines.safeParse(excerpt).success).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
