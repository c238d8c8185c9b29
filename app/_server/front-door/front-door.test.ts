import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { trustedProxies } from "./client-address.ts";
import { frontDoor } from "./front-door.ts";
import { insecureAddress } from "./insecure-address.ts";

function pass(sent: Record<string, string>, https = false) {
  const seen = { request: {} as Record<string, unknown>, response: {} as Record<string, unknown> };
  const door = frontDoor(
    (request) => {
      seen.request = request.headers;
    },
    { isTrusted: trustedProxies([]), https },
  );
  const request = { headers: { ...sent }, socket: { remoteAddress: "::ffff:203.0.113.9" } };
  const response = { setHeader: (name: string, value: string) => (seen.response[name] = value) };
  door(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  return seen;
}

test("what a caller claims of itself, or writes in this server's name, is dropped; the true address is told", () => {
  const sent = {
    ...{ "x-forwarded-for": "198.51.100.7", "x-real-ip": "198.51.100.7", forwarded: "for=198.51.100.7" },
    ...{ "x-drydock-address": "198.51.100.7", "x-drydock-path": "//evil", "x-nonce": "known", accept: "*/*" },
  };
  expect(pass(sent).request).toEqual({
    accept: "*/*",
    "x-drydock-address": "203.0.113.9",
    "x-forwarded-for": "203.0.113.9",
  });
});

test("a site with an https address tells browsers to come by nothing else, one without does not", () => {
  expect(pass({}, true).response).toEqual({ "Strict-Transport-Security": "max-age=31536000" });
  expect(pass({}, false).response).toEqual({});
});

test("a site that is open to a network without TLS says so at its start", () => {
  expect(insecureAddress({ host: "0.0.0.0", baseUrl: "http://10.0.0.5:3000" })).toContain("in clear");
  expect(insecureAddress({ host: "0.0.0.0", baseUrl: "https://drydock.example.edu" })).toBeNull();
  for (const host of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) {
    expect(insecureAddress({ host, baseUrl: `http://${host}:3000` }), host).toBeNull();
  }
});
