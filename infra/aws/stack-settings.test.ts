import { expect, test } from "vitest";
import { capsFor } from "./class-size.ts";
import { parseSettings } from "./stack-settings.ts";

const input = {
  installation: "ins_1",
  deployment: "fall-2026",
  controller: { networks: ["203.0.113.7/32"], port: 443 },
  s3PrefixList: "pl-63a5400a",
  students: 40,
  email: "staff@example.edu",
};

test("the class says how many machines, processors and dollars", () => {
  expect(capsFor(200)).toEqual({ machines: 27, vcpus: 54, monthlyUsd: 30 });
  expect(capsFor(40)).toEqual({ machines: 6, vcpus: 12, monthlyUsd: 14 });
  expect(capsFor(1)).toEqual({ machines: 2, vcpus: 4, monthlyUsd: 11 });
  expect(parseSettings(input).monthlyUsd).toBe(14);
  expect(parseSettings({ ...input, monthlyUsd: 99 }).monthlyUsd).toBe(99);
});

test.each([
  "0.0.0.0/0",
  "203.0.113.7",
  "203.0.0.0/7",
  "203.0.113.7/33",
  "2001:db8::/32",
  "everywhere",
  "1.2.3.4/8/8",
])("a wall with a hole for %s is none", (network) => {
  const wrong = { ...input, controller: { ...input.controller, networks: [network] } };
  expect(() => parseSettings(wrong)).toThrow(/IPv4 network/);
});

test("a stolen key buys nothing large, and a fleet has several kinds to choose from", () => {
  const types = ["c7a.large", "c7i.large", "m7a.large", "m7i.large"];
  expect(() => parseSettings({ ...input, instanceTypes: [...types, "p5.48xlarge"] })).toThrow(/up to xlarge/);
  expect(() => parseSettings({ ...input, instanceTypes: types })).toThrow(/5/);
  expect(parseSettings(input).instanceTypes.length).toBeGreaterThanOrEqual(5);
});
