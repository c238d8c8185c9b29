import { expect, test } from "vitest";
import { sayDifferences, sayException, sayValue } from "./field-words.ts";

test("values are said as pages say them, and never as JSON", () => {
  expect(sayValue("dueAt", "2024-11-24T12:00:00.000Z")).toEqual({ endIso: "2024-11-24T12:00:00.000Z" });
  expect(sayValue("releasedAt", null)).toBeNull();
  expect(sayValue("pinned", true)).toEqual({ text: "yes, above the others" });
  expect(sayValue("weekday", "tuesday")).toEqual({ text: "Tuesday" });
  expect(sayValue("exceptions", [])).toBeNull();
  expect(sayValue("exceptions", [{ date: "2024-11-26", cancelled: true, note: "Thanksgiving" }])).toEqual({
    lines: ["Tue, Nov 26, 2024: not held (Thanksgiving)"],
  });
});

test("an exception says what is different on its day", () => {
  const day = { date: "2024-11-26", cancelled: false };
  expect(sayException({ ...day, from: "15:00", to: "16:00", place: "CP 1" })).toBe(
    "Tue, Nov 26, 2024: from 15:00 to 16:00, in CP 1",
  );
  expect(sayException({ ...day, note: "Bring your laptop" })).toBe("Tue, Nov 26, 2024: Bring your laptop");
});

test("only what differs is said of a file", () => {
  expect(sayDifferences({ title: "A", pinned: false }, { title: "B", pinned: false })).toMatchObject([
    { field: "title", name: "Title", value: { text: "A" } },
  ]);
  expect(sayDifferences(null, { title: "B" })).toEqual([]);
});
