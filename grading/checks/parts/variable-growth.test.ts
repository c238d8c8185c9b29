import { DockerfileParser } from "dockerfile-ast";
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
])("%s is found before it is built", (_name, lines) => expect(growthOf(...lines)).toBeGreaterThan(2));

test.each([
  ["a path that grows", times(100, "ENV PATH=/opt/bin:$PATH")],
  ["many variables and steps", [...times(100, `ENV A=1 B=$A C=\${B:-2}`), ...times(120, "RUN make $A")]],
  ["a long line", [`ENV A=${"x".repeat(60_000)}`, "LABEL a=$A", "RUN true"]],
  ["an instruction without a value", ["ARG", "ENV", "ENV A", "ARG A", "ENV ="]],
])("%s is none", (_name, lines) => expect(growthOf(...lines)).toBeNull());
