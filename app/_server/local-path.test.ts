import fc from "fast-check";
import { expect, test } from "vitest";
import { localPath } from "./local-path.ts";

const base = "https://drydock.example.edu";

test("a path of this site is kept with its query", () => {
  expect(localPath("/runs/run_1?check=build", base)).toBe("/runs/run_1?check=build");
});

test.each([
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "evil.example",
  "",
  null,
  undefined,
])("%j goes to the start page", (wanted) => {
  expect(localPath(wanted, base)).toBe("/");
});

test("dots before slashes do not lead to another site", () => {
  expect(localPath("/.//evil.example", base)).toBe("/evil.example");
});

test("whatever is asked for, the reader stays on this site", () => {
  const nasty = fc.string({
    unit: fc.constantFrom("/", "\\", "\t", "\n", "@", ":", ".", "#", "?", "%2f", "evil.example"),
  });
  fc.assert(
    fc.property(nasty, (wanted) => {
      expect(new URL(localPath(`/${wanted}`, base), base).origin).toBe(base);
    }),
  );
});
