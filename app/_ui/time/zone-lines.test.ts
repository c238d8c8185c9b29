import { describe, expect, it } from "vitest";
import { textInZone } from "#course/deadlines/zone-text.ts";
import { distinctTexts, zoneLine } from "./zone-lines.ts";

const at = new Date("2024-11-25T11:59:59Z");

describe("a time on a page", () => {
  it("always names its zone, and shows seconds where they decide", () => {
    expect(zoneLine(at, "America/Los_Angeles")).toBe("Mon, Nov 25, 2024, 3:59 AM PST");
    expect(zoneLine(at, "AoE", true)).toBe("Sun, Nov 24, 2024, 11:59:59 PM AoE");
  });

  it("shows a zone once when the reader sits in the course's zone", () => {
    const texts = ["AoE", "America/Los_Angeles", "America/Los_Angeles", "America/Vancouver"].map((zone) =>
      textInZone(at, zone),
    );
    expect(distinctTexts(texts).map((text) => text.zone)).toEqual(["AoE", "America/Los_Angeles"]);
  });
});
