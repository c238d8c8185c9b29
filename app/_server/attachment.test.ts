import fc from "fast-check";
import { expect, test } from "vitest";
import { attachment } from "./attachment.ts";

test("a name keeps its letters in the encoded form", () => {
  expect(attachment("lösung.zip")).toBe(
    "attachment; filename=\"l_sung.zip\"; filename*=UTF-8''l%C3%B6sung.zip",
  );
});

test("folders before the name are dropped, and a name that is only folders gets one", () => {
  expect(attachment("../../etc/passwd")).toContain('filename="passwd"');
  expect(attachment("work/")).toContain('filename="submission"');
});

test("no name leaves its quotes or starts another header", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      expect(attachment(name)).toMatch(
        /^attachment; filename="[A-Za-z0-9._-]+"; filename\*=UTF-8''(?:[A-Za-z0-9._~!-]|%[0-9A-F]{2})+$/,
      );
    }),
  );
});
