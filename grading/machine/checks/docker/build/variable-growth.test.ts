import { DockerfileParser } from "dockerfile-ast";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findGrowth } from "./variable-growth.ts";

const growthOf = (...lines: string[]) =>
  findGrowth(DockerfileParser.parse(["FROM busybox:latest", ...lines].join("\n")));
const times = (count: number, line: string) => Array.from({ length: count }, () => line);

test.each([
  ["ENV that doubles", [`ENV A=${"x".repeat(16)}`, ...times(40, "ENV A=$A$A")]],
  ["ENV that doubles in braces and quotes", [`ENV A=${"x".repeat(16)}`, ...times(40, `ENV A="\${A}\${A}"`)]],
  ["ARG that doubles", [`ARG A=${"x".repeat(16)}`, ...times(40, "ARG A=$A$A")]],
  ["two that feed each other", ["ENV A=xxxxxxxxxxxxxxxx B=y", ...times(40, "ENV A=$A$B B=$A$B")]],
  ["one large value in many labels", [`ENV A=${"x".repeat(60_000)}`, ...times(400, "LABEL a=$A")]],
  ["one large value before many steps", [`ENV A=${"x".repeat(60_000)}`, ...times(400, "RUN true")]],
  [
    "a replacement that puts twenty characters in for each",
    ["ENV A0=aaaaaaaaaa", ...times(8, "").map((_, i) => `ENV A${i + 1}=\${A${i}//a/${"a".repeat(20)}}`)],
  ],
  [
    "a replacement that puts the value itself in for each character",
    [`ENV A=${"a".repeat(100)}`, ...times(4, `ENV A=\${A//a/$A}`)],
  ],
  [
    "a replacement with a brace that an escape or quotes hide",
    [
      "ENV A=aaaaaaaaaa",
      ...times(4, `ENV A=\${A//a/\\}${"a".repeat(20)}}`),
      ...times(4, `ENV A="\${A//a/'}'${"a".repeat(20)}}"`),
    ],
  ],
  ["a replacement within a default", [`ENV A=${"a".repeat(100)}`, ...times(4, `ENV A=\${B:-\${A//a/$A}}`)]],
])("%s is found before it is built", (_name, lines) => expect(growthOf(...lines)).toBeGreaterThan(2));

test.each([
  ["a path that grows", times(100, "ENV PATH=/opt/bin:$PATH")],
  ["many variables and steps", [...times(100, `ENV A=1 B=$A C=\${B:-2}`), ...times(120, "RUN make $A")]],
  ["a long line", [`ENV A=${"x".repeat(60_000)}`, "LABEL a=$A", "RUN true"]],
  [
    "replacing and cutting as people do",
    [
      "ARG VERSION=3.13.1",
      ...times(
        50,
        `ENV SHORT=\${VERSION%.*} DASHED=\${VERSION//./-} PLAIN="\${VERSION/-rc/}" DIR=\${SHORT//\\//_}`,
      ),
      ...times(50, `RUN make \${DASHED} \${PLAIN:-x}`),
    ],
  ],
  ["an instruction without a value", ["ARG", "ENV", "ENV A", "ARG A", "ENV ="]],
])("%s is none", (_name, lines) => expect(growthOf(...lines)).toBeNull());

test("braces without end, side by side and within each other, are judged", () => {
  const within = growthOf("ENV A=aa", `ENV B=${"$".concat("{A//").repeat(9_000)}${"}".repeat(9_000)}`);
  expect(within).toBe(3);
  for (const text of ["{A/".repeat(15_000), "{A/}".repeat(12_000)])
    expect(growthOf("ENV A=aa", `ENV C="${text.replaceAll("{", "$".concat("{"))}`)).not.toBe(1);
});

test("what is judged as small is not large when it is built", () => {
  const [value, word] = [fc.nat(1), fc.constantFrom("a", "b", "aa", "")];
  const step = fc.record({ from: value, to: value, of: value, pattern: fc.constantFrom("a", "b"), word });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const values = ["ab", "a"];
      const lines = values.map((text, i) => `ENV V${i}=${text}`);
      for (const { from, to, of, pattern, word } of steps) {
        lines.push(`ENV V${to}=\${V${from}//${pattern}/${word}$V${of}}`);
        const put = `${word}${values[of]}`;
        const parts = (values[from] ?? "").split(pattern);
        if (parts.length * put.length > 17 * 2 ** 20) {
          expect(growthOf(...lines)).not.toBeNull();
          break;
        }
        values[to] = parts.join(put);
      }
    }),
  );
});
