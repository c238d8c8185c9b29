import { describe, expect, it } from "vitest";
import { socketError, socketRefusal } from "./socket-refused.ts";

describe("socketRefusal", () => {
  it("tells an answer of the API server from a connection that broke", () => {
    expect(socketRefusal({ message: "Unexpected server response: 404" })).toBe(
      "Unexpected server response: 404",
    );
    expect(socketRefusal({ message: "connect ECONNREFUSED 10.0.0.1:6443" })).toBeNull();
    expect(socketRefusal(new Error("other"))).toBeNull();
  });
});

describe("socketError", () => {
  it("makes an error that says something out of whatever was thrown", () => {
    const error = new Error("connect ECONNREFUSED");
    expect(socketError({ error, message: error.message })).toBe(error);
    expect(socketError(error)).toBe(error);
    expect(socketError({ message: "odd" }).message).toContain("odd");
  });
});
