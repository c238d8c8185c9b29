import { describe, expect, it } from "vitest";
import { LaunchError } from "#grading/machines/provider.ts";
import { toLaunchError } from "./launch-errors.ts";

const engineSaid = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) ${message}`), { statusCode, json: { message } });
const socketSaid = (code: string) =>
  Object.assign(new Error(`connect ${code} /var/run/docker.sock`), { code, syscall: "connect" });

describe("a launch that the engine did not make", () => {
  it.each([
    engineSaid(500, "mkdir /var/lib/docker/overlay2/x: no space left on device"),
    engineSaid(500, "failed to start shim: fork/exec: resource temporarily unavailable"),
    engineSaid(400, "OCI runtime create failed: cannot allocate memory"),
  ])("waits for room: %s", (error) => {
    expect(toLaunchError(error, "The machine").kind).toBe("insufficient-capacity");
  });

  it.each([
    ...["ECONNREFUSED", "ECONNRESET", "ENOENT", "EACCES"].map(socketSaid),
    Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
  ])("waits until the engine answers again: %s", (error) => {
    expect(toLaunchError(error, "The machine").kind).toBe("unreachable");
  });

  it("is tried again later when the engine is busy", () => {
    expect(toLaunchError(engineSaid(503, "shutting down"), "The machine").kind).toBe("throttled");
  });

  it.each([
    engineSaid(404, "No such image: drydock-machine:abc"),
    engineSaid(400, "invalid mount config for type bind: bind source path does not exist: /gone"),
    engineSaid(400, "Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"),
    new TypeError("programming error"),
    // A file of Drydock's own, not the engine's socket.
    Object.assign(new Error("ENOENT: no such file, open '/dist/agent.mjs'"), {
      code: "ENOENT",
      syscall: "open",
    }),
  ])("is for the operator: %s", (error) => {
    expect(toLaunchError(error, "The machine").kind).toBe("misconfigured");
  });

  it("names the machine and keeps what the engine said and the error itself", () => {
    const cause = engineSaid(404, "No such image: drydock-machine:abc");
    const error = toLaunchError(cause, "The machine mch_1 was not launched");
    expect(error.message).toContain("The machine mch_1 was not launched");
    expect(error.message).toContain("No such image: drydock-machine:abc");
    expect(error.cause).toBe(cause);
  });

  it("keeps a verdict that was reached before", () => {
    const error = new LaunchError("throttled", "busy");
    expect(toLaunchError(error, "The machine")).toBe(error);
  });
});
