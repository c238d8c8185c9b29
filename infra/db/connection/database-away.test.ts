import { once } from "node:events";
import { connect, type LookupFunction } from "node:net";
import { describe, expect, it } from "vitest";
import { isDatabaseAway, isDatabaseNotReached } from "./database-away.ts";

const coded = (code: string, fields: object = {}) =>
  Object.assign(new Error("It failed."), { code, ...fields });
/** As Prisma wraps what its adapter threw. */
const wrapped = (cause: object) =>
  Object.assign(new Error("Invalid invocation"), {
    code: "P2010",
    meta: { driverAdapterError: Object.assign(new Error("x"), { name: "DriverAdapterError", cause }) },
  });

describe("a database that does not answer is known", () => {
  it.each([
    ...["ECONNREFUSED", "ECONNRESET", "57P01", "57P02", "57P03", "53300"].map((code) => coded(code)),
    ...["P1001", "P1002", "P1008", "P1017", "P2024", "P2028"].map((code) => coded(code)),
    wrapped({ originalCode: "57P01", kind: "postgres" }),
    wrapped({ kind: "DatabaseNotReachable" }),
    wrapped({ kind: "ConnectionClosed" }),
    new Error("Connection terminated unexpectedly"),
    new Error("timeout exceeded when trying to connect"),
    new Error("It could not be read.", {
      cause: new Error("Connection terminated due to connection timeout"),
    }),
    new AggregateError([coded("ECONNREFUSED")]),
  ])("%s", (error) => {
    expect(isDatabaseAway(error)).toBe(true);
  });

  it.each([
    coded("P2002"),
    coded("23505"),
    coded("40001"),
    coded("ENOENT"),
    wrapped({ originalCode: "42P01", kind: "postgres" }),
    new TypeError("Connection is not a function"),
    null,
    "ECONNREFUSED",
  ])("and nothing else is taken for one: %s", (error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });
});

describe("only of a connection that was never opened is it certain that nothing was done", () => {
  const of = (syscall: string, code: string) => coded(code, { syscall });
  /** As the adapter makes it of ECONNREFUSED and ENOTFOUND, whatever the system call. */
  const unreachable = (fields: object) => wrapped({ kind: "DatabaseNotReachable", ...fields });

  it.each<[string, unknown]>([
    ["a port that refuses", of("connect", "ECONNREFUSED")],
    ["no way to the host", of("connect", "EHOSTUNREACH")],
    ["no way to the network", of("connect", "ENETUNREACH")],
    ["a name that nobody knows", of("getaddrinfo", "ENOTFOUND")],
    ["several addresses", new AggregateError([of("connect", "ENETUNREACH"), of("connect", "ECONNREFUSED")])],
    ["Prisma of a port that refuses", unreachable({ host: "127.0.0.1", port: 5432 })],
    ["Prisma of a name that nobody knows", unreachable({ host: "nosuch.invalid" })],
    ["a server that starts", coded("57P03")],
    ["a server that is full", wrapped({ originalCode: "53300", kind: "TooManyConnections" })],
  ])("%s", (_, error) => {
    expect(isDatabaseNotReached(error)).toBe(true);
    expect(isDatabaseAway(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ...["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"].flatMap((code): [string, unknown][] => [
      [`read ${code}`, of("read", code)],
      [`write ${code}`, of("write", code)],
      [`${code} by Prisma, which drops the system call`, coded(code)],
    ]),
    ["Prisma of a read that was refused", unreachable({})],
    ["a connection reset while it opened or later", of("read", "ECONNRESET")],
    ...["P1001", "P1008", "P1017", "57P01"].map((code): [string, unknown] => [code, coded(code)]),
  ])("but not: %s", (_, error) => {
    expect(isDatabaseNotReached(error)).toBe(false);
    expect(isDatabaseAway(error)).toBe(true);
  });

  it("as a closed port says, by one address or by several", async () => {
    const lookup: LookupFunction = (_host, _options, done) =>
      done(
        null,
        ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 })),
      );
    for (const options of [{ host: "127.0.0.1" }, { host: "two.invalid", lookup, autoSelectFamily: true }]) {
      const [error] = await once(connect({ port: 1, ...options }), "error");
      expect(isDatabaseNotReached(error), options.host).toBe(true);
    }
  });
});
