import { expect, it } from "vitest";
import { newId } from "#course/ids.ts";
import { createCalendarAddresses } from "./calendar-address.ts";

const feed = newId("cal", new Date());
const site = createCalendarAddresses("secret of the site");
const name = site.fileNameOf(feed);

it("names the feed to the site that made it, and to no other", () => {
  expect(site.feedOf(name)).toBe(feed);
  expect(createCalendarAddresses("another secret").feedOf(name)).toBeNull();
});

it("is of one feed alone, and cannot be put together", () => {
  const other = newId("cal", new Date());
  expect(site.feedOf(name.replace(feed, other))).toBeNull();
  for (const made of [
    "",
    ".ics",
    feed,
    `${feed}.ics`,
    `${feed}-${"0".repeat(32)}.ics`,
    `${name}/..`,
    `${name}x`,
  ])
    expect(site.feedOf(made)).toBeNull();
});
