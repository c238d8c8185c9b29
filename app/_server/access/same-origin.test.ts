import { describe, expect, test } from "vitest";
import { refuseCrossSite } from "./same-origin.ts";

const passes = (headers: Record<string, string>, method = "POST", base = "https://drydock.example.edu") => {
  try {
    refuseCrossSite(new Request(`${base}/api/x`, { method, headers }), base);
    return true;
  } catch {
    return false;
  }
};
const cookie = "drydock.session_token=x";

describe("a request that changes something with cookies", () => {
  test("passes when it comes from our own origin", () => {
    expect(passes({ cookie, origin: "https://drydock.example.edu" })).toBe(true);
    expect(passes({ cookie, "sec-fetch-site": "same-origin" })).toBe(true);
  });

  test.each([
    [{}],
    [{ origin: "null" }],
    [{ origin: "https://evil.example" }],
    [{ origin: "https://drydock.example.edu.evil.example" }],
    [{ origin: "http://drydock.example.edu" }],
    [{ origin: "https://drydock.example.edu:8443" }],
    [{ "sec-fetch-site": "same-site" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "none" }],
    [{ referer: "https://drydock.example.edu/" }],
  ] as [Record<string, string>][])("is refused with %j", (headers) => {
    expect(passes({ cookie, ...headers })).toBe(false);
  });
});

test("reading needs no origin", () => {
  for (const method of ["GET", "HEAD", "OPTIONS"]) expect(passes({ cookie }, method)).toBe(true);
});

test("a bearer token needs no origin, and neither does a request without cookies", () => {
  expect(passes({ cookie, authorization: "Bearer abc" })).toBe(true);
  expect(passes({ cookie, authorization: "Basic abc" })).toBe(false);
  expect(passes({})).toBe(true);
});

test("on a loopback address both of its names are ours, on the same port only", () => {
  const base = "http://127.0.0.1:3000";
  expect(passes({ cookie, origin: "http://localhost:3000" }, "POST", base)).toBe(true);
  expect(passes({ cookie, origin: "http://localhost:3001" }, "POST", base)).toBe(false);
});
