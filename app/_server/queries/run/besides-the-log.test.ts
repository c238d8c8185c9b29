import fc from "fast-check";
import { expect, test } from "vitest";
import { besidesTheLog } from "./besides-the-log.ts";

const build = ["#1 load", "#2 FROM python", "#3 COPY app", "#4 RUN pip", "#5 naming"];

test("a build's output that the log has as well is left out, and what is only for staff stays", () => {
  expect(besidesTheLog(["exit 0", ...build, "", "policy: ok"].join("\n"), build)).toEqual({
    text: "exit 0\npolicy: ok",
    inLog: 5,
  });
  expect(besidesTheLog(`\n${build.join("\n")}\n`, build)).toEqual({ text: "", inLog: 5 });
});

test("a line here and there that the log has too is no repetition", () => {
  const output = ["{", "#1 load", "}", "secret"].join("\n");
  expect(besidesTheLog(output, build)).toEqual({ text: output, inLog: 0 });
});

test("a line that the log does not have is never left out", () => {
  const line = fc.constantFrom(...build, "", "only for staff", "}");
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const kept = besidesTheLog(lines.join("\n"), build).text.split("\n");
      const only = (some: string[]) => some.filter((one) => one === "only for staff" || one === "}");
      expect(only(kept)).toEqual(only(lines));
    }),
  );
});
