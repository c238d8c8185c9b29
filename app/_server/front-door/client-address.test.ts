import { describe, expect, it } from "vitest";
import { clientAddress, trustedProxies } from "./client-address.ts";

const nobody = trustedProxies([]);
const ours = trustedProxies(["10.0.0.0/8", "fd00::/8", "192.0.2.1"]);

describe("spoofed X-Forwarded-For: the caller's address", () => {
  it("is the connection's, whatever is claimed, where no proxy is trusted", () => {
    expect(clientAddress("203.0.113.9", "198.51.100.7", nobody)).toBe("203.0.113.9");
    expect(clientAddress("::ffff:203.0.113.9", undefined, nobody)).toBe("203.0.113.9");
  });

  it("is the connection's where that is no trusted proxy's", () => {
    expect(clientAddress("203.0.113.9", "198.51.100.7, 10.0.0.1", ours)).toBe("203.0.113.9");
  });

  it("is what the nearest trusted proxy heard, not what its caller claimed to be before", () => {
    expect(clientAddress("10.0.0.1", "198.51.100.7", ours)).toBe("198.51.100.7");
    expect(clientAddress("10.0.0.1", "1.1.1.1, 198.51.100.7", ours)).toBe("198.51.100.7");
    expect(clientAddress("::ffff:10.0.0.1", "1.1.1.1,198.51.100.7 , 10.2.3.4", ours)).toBe("198.51.100.7");
    expect(clientAddress("fd00::1", "2001:DB8::5", ours)).toBe("2001:db8::5");
  });

  it("is the proxy's where that names nobody, or something that is no address", () => {
    expect(clientAddress("192.0.2.1", undefined, ours)).toBe("192.0.2.1");
    expect(clientAddress("192.0.2.1", "", ours)).toBe("192.0.2.1");
    expect(clientAddress("192.0.2.1", "198.51.100.7, evil", ours)).toBe("192.0.2.1");
    expect(clientAddress("10.0.0.1", "10.0.0.2", ours)).toBe("10.0.0.2");
  });

  it("is none where the connection has none any more", () => {
    expect(clientAddress(undefined, "198.51.100.7", ours)).toBe("unknown");
  });
});
