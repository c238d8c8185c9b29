import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { laterOf, readConsole } from "./read-console.ts";

describe("what a builder wrote to its console", () => {
  test("is read although the kernel and systemd write there too", () => {
    const text = [
      "[    1.0] Booting",
      "[   12.3] cloud-init[412]: drydock-builder: step start",
      "drydock-builder: step catalogue\r",
      "drydock-builder: ##drydock 0.3 Making the base image python\r",
      "[   13.0] overlayfs: upper fs",
    ].join("\n");
    expect(readConsole(text)).toMatchObject({
      step: "catalogue",
      fraction: 0.3,
      doing: "Making the base image python",
      outcome: { is: "running" },
    });
  });

  test("is a success by its word alone, with the versions of what is in the image", () => {
    const said = readConsole("drydock-builder: version: engine 26.1.5\ndrydock-builder: done\n");
    expect(said).toMatchObject({ versions: ["engine 26.1.5"], outcome: { is: "done" } });
    expect(readConsole("all is done\ndrydock-builder: step done\n").outcome).toEqual({ is: "running" });
  });

  test("is a failure with its status and last lines", () => {
    const said = readConsole(
      "drydock-builder: log: E: no\ndrydock-builder: log: \ndrydock-builder: failed 100",
    );
    expect(said.outcome).toEqual({ is: "failed", status: "100", lastLines: ["E: no", ""] });
  });

  test("stays heard although EC2's next answer is empty or begins later", () => {
    const began = readConsole("drydock-builder: step boot\ndrydock-builder: version: engine 26.1.5\n");
    expect(laterOf(began, readConsole(""))).toEqual(began);
    const done = laterOf(began, readConsole("drydock-builder: done\n"));
    expect(done).toMatchObject({ step: "boot", versions: ["engine 26.1.5"], outcome: { is: "done" } });
    expect(laterOf(done, readConsole(""))).toEqual(done);
  });

  test("never throws, and says nothing that was not said", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!text.includes("drydock-builder"));
        expect(readConsole(text)).toMatchObject({ step: null, outcome: { is: "running" } });
      }),
    );
  });
});
