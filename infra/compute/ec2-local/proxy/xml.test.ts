import fc from "fast-check";
import { expect, test } from "vitest";
import { findXml, parseXml, printXml, xml, xmlText } from "./xml.ts";

test("an answer of EC2 is a tree of elements with text", () => {
  const answer = parseXml(
    '<?xml version="1.0" encoding="utf-8"?>\n<RunInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15">\n  <instancesSet><item><reason/><tagSet><item><key>a &amp; b</key><value>&lt;&#x1F6A2;&#33;</value></item></tagSet></item></instancesSet></RunInstancesResponse>',
  );
  const tag = findXml(answer, "instancesSet", "item", "tagSet", "item");
  expect([xmlText(tag, "key"), xmlText(tag, "value"), xmlText(tag, "none")]).toEqual(["a & b", "<🚢!", ""]);
  expect(findXml(answer, "instancesSet", "item", "reason")?.children).toEqual([]);
});

test("any text comes back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const read = parseXml(printXml(xml("answer", [xml("value", text)])));
      expect(xmlText(read, "value")).toBe(text);
    }),
  );
});

test("what is cut off or closes the wrong element is refused", () => {
  for (const wrong of ["<a><b></a>", "<a><b>", "</a>", "", "<a></a></b>"]) {
    expect(() => parseXml(wrong), wrong).toThrow("XML");
  }
});
