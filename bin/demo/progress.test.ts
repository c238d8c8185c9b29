import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { createProgress } from "./progress.ts";

it("escape sequences in what a student's program wrote do not reach the terminal", () => {
  let written = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  const progress = createProgress(stream as NodeJS.WriteStream);
  progress.say("  │ \u001b]0;title\u0007\u001b[2Jhello\u202e\nsecond\u009b31m line");
  progress.step("Build").done("\u001b[31mdone");
  expect(written.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(written).toContain("hello");
  expect(written.split("\n")).toHaveLength(5);
});
