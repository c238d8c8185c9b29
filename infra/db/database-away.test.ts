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

it("only of a connection that was never opened is it certain that nothing was done", () => {
  expect(isDatabaseNotReached(wrapped({ kind: "DatabaseNotReachable" }))).toBe(true);
  expect(isDatabaseNotReached(coded("ECONNREFUSED"))).toBe(true);
  for (const code of ["EHOSTUNREACH", "ENETUNREACH"]) {
    expect(isDatabaseNotReached(coded(code, { syscall: "connect" })), code).toBe(true);
    expect(isDatabaseNotReached(new AggregateError([coded(code, { syscall: "connect" })])), code).toBe(true);
    expect(isDatabaseNotReached(coded(code, { syscall: "read" })), code).toBe(false);
    expect(isDatabaseAway(coded(code, { syscall: "read" })), code).toBe(true);
  }
  for (const code of ["ECONNRESET", "57P01", "P1017", "P1008"]) {
    expect(isDatabaseNotReached(coded(code)), code).toBe(false);
  }
});
