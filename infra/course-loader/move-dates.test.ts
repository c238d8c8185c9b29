import { expect, it } from "vitest";
import { moveDates, setValue } from "./move-dates.ts";

it("moves every day where one stands, and leaves the rest to the letter", () => {
  const source = `# Due on 2024-11-22.
term:   {starts: 2024-09-25, ends: 2024-12-20} # dates
title: "2024-11-22 in a title"
items:
  - due: "2024-11-22"   # quoted
    release: '2024-11-12T16:00'
    from: "15:40"
`;
  expect(moveDates(source, 7)).toBe(`# Due on 2024-11-22.
term:   {starts: 2024-10-02, ends: 2024-12-27} # dates
title: "2024-11-22 in a title"
items:
  - due: "2024-11-29"   # quoted
    release: 2024-11-19T16:00
    from: "15:40"
`);
});

it("moves in the head of an announcement alone", () => {
  const source = "---\ntitle: T\npublish: 2024-12-31T18:00\n---\ndue: 2024-12-31\n---\n";
  expect(moveDates(source, 1)).toBe("---\ntitle: T\npublish: 2025-01-01T18:00\n---\ndue: 2024-12-31\n---\n");
});

it("names anew what stands at the top, and quotes what needs it", () => {
  expect(setValue("slug: a\nassignments:\n  - slug: a\n", "slug", "b")).toBe(
    "slug: b\nassignments:\n  - slug: a\n",
  );
  expect(setValue("term: Fall 2024\n", "term", "Fall #1: ok")).toBe('term: "Fall #1: ok"\n');
});
