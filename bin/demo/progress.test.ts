import { Writable } from "node:stream";
import { expect, it, vi } from "vitest";
import { createProgress } from "./progress.ts";

it("escape sequences in what a student's program wrote do not reach the terminal", async () => {
  let written = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  const progress = createProgress(stream as NodeJS.WriteStream);
  progress.say("  │ \u001b]0;title\u0007\u001b[2Jhello\u202e\nsecond\u009b31m line");
  await progress.step("Build\u001b[31m", async () => {});
  expect(written.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(written).toContain("hello");
  expect(written.split("\n")).toHaveLength(5);
});

it("a step whose work fails ends: its bar stops, and the line says so", async () => {
  let written = "";
  const stream = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        written += chunk;
        done();
      },
    }),
    { isTTY: true, columns: 80, cursorTo: () => true, clearLine: () => true, moveCursor: () => true },
  );
  vi.useFakeTimers();
  try {
    const progress = createProgress(stream as unknown as NodeJS.WriteStream);
    const failing = progress.step("Build", async (update) => {
      update(0.5, "half");
      throw new Error("no space");
    });
    await expect(failing).rejects.toThrow("no space");
    // A bar that goes on draws itself again and again.
    expect(vi.getTimerCount()).toBe(0);
    expect(written).toMatch(/✗ Build \(\d/);
  } finally {
    vi.useRealTimers();
  }
});
