import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readReference, wholeName } from "./image-reference.ts";

const spelled = (name: string) => {
  const read = readReference(name);
  return read.outcome === "ok" ? wholeName(read.reference) : read;
};

describe("the name of an image", () => {
  test.each([
    ["python", "docker.io/library/python:latest"],
    ["python:3.13-slim", "docker.io/library/python:3.13-slim"],
    ["library/python:3", "docker.io/library/python:3"],
    ["docker.io/python:3", "docker.io/library/python:3"],
    ["index.docker.io/library/python:3", "docker.io/library/python:3"],
    ["acme/shop", "docker.io/acme/shop:latest"],
    ["ghcr.io/acme/shop:1", "ghcr.io/acme/shop:1"],
    ["localhost:5000/shop:1", "localhost:5000/shop:1"],
    [`busybox@sha256:${"a".repeat(64)}`, `docker.io/library/busybox@sha256:${"a".repeat(64)}`],
  ])("%s is spelled %s in whole", (name, whole) => expect(spelled(name)).toBe(whole));

  test.each([
    ["Ubuntu:22.04", /lower case/, "Write ubuntu:22.04."],
    ["python:", /tag/, expect.any(String)],
    ["ubuntu@sha256:abc", /digest/, expect.any(String)],
    ["..%2f..%2finfo#", /lower-case letters and digits/, expect.any(String)],
    ["", /missing/, expect.any(String)],
    ["a//b", /lower-case letters and digits/, expect.any(String)],
    ["a".repeat(64), /64 hexadecimal/, expect.any(String)],
    ["x".repeat(1_000_000), /255/, expect.any(String)],
  ])("%s is none, and the rule says why", (name, rule, fix) =>
    expect(spelled(name)).toEqual({ outcome: "wrong", rule: expect.stringMatching(rule), fix }),
  );

  test("that is read holds nothing that an address would take for its own", () => {
    const parts = fc.constantFrom(
      "a",
      "B",
      "1",
      ".",
      "/",
      ":",
      "@",
      "%2f",
      "#",
      "?",
      "_",
      "-",
      "..",
      "sha256",
      " ",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts, { maxLength: 12 }).map((all) => all.join("")),
        ),
        (name) => {
          const read = readReference(name);
          if (read.outcome === "wrong") return;
          const whole = wholeName(read.reference);
          expect(whole).toMatch(/^[A-Za-z0-9_.:/@[\]-]+$/);
          expect(whole.split("/")).not.toContain("..");
          // Spelled in whole it is the same image.
          expect(spelled(whole)).toBe(whole);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
