import { expect, test } from "vitest";
import { courseCode, pageTitle } from "./page-titles.ts";

test("a page's title has the thing first and the course by its code", () => {
  const course = { title: "TCSS 462/562: Software Engineering for Cloud Computing" };
  expect(pageTitle("Tutorial 7: Docker", course)).toBe("Tutorial 7: Docker · TCSS 462/562");
});

test.each([
  ["Cloud Computing", "Cloud Computing"],
  [": no code", ": no code"],
  [
    "A sentence that is much too long for a code: really",
    "A sentence that is much too long for a code: really",
  ],
])("a course without a code is named by its title: %s", (title, code) => {
  expect(courseCode({ title })).toBe(code);
});
