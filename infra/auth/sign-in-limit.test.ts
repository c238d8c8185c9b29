import { expect, test } from "vitest";
import { addressPrefix } from "./address-header.ts";
import { waitInWords } from "./sign-in-limit.ts";

test("a wait is told in seconds or whole minutes, never too few of them, and one is not plural", () => {
  expect([1, 59, 60, 61, 300].map(waitInWords)).toEqual([
    "1 second",
    "59 seconds",
    "1 minute",
    "2 minutes",
    "5 minutes",
  ]);
});

test("an IPv6 address counts as the network that one computer has for itself, an IPv4 address as itself", () => {
  expect(addressPrefix("198.51.100.7")).toBe("198.51.100.7");
  const network = "2001:db8:0:7::/64";
  for (const address of [
    "2001:db8:0:7::1",
    "2001:DB8:0:7:ffff:1:2:3",
    "2001:0db8:0000:0007::",
    "2001:db8:0:7::1.2.3.4",
  ]) {
    expect(addressPrefix(address), address).toBe(network);
  }
  expect(addressPrefix("::1")).toBe("0:0:0:0::/64");
  expect(addressPrefix("2001:db8:0:8::1")).not.toBe(network);
  expect([addressPrefix(null), addressPrefix("unknown")]).toEqual(["unknown", "unknown"]);
});
