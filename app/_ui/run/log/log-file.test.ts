import fc from "fast-check";
import { expect, test } from "vitest";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import { createLogFile } from "./log-file.ts";

const told = (event: RunEvent, attempt = 1): StreamedEvent => ({
  ...{ id: 1, attempt, at: "2024-11-24T12:00:00.000Z" },
  event,
});
const log = (line: string, check: string | null, attempt = 1) => told({ type: "log", check, line }, attempt);
const story = [
  told({ type: "state", state: "running", detail: null }),
  log("Kubernetes is ready.", null),
  told({ type: "check-started", check: "build", title: "The image builds" }),
  log("\u001b[1mStep 1\u001b[0m", "build"),
  told({
    ...{ type: "check-finished", check: "build", title: "The image builds", verdict: "failed" },
    ...{ points: 0, maxPoints: 10, durationMs: 3200 },
  }),
  log("Step 1, again", "build", 2),
];

test("a log's file holds every line under who wrote it, how each check ended, and where another attempt began", () => {
  const file = createLogFile();
  expect(file.add(story) + file.end(true)).toBe(`════ Attempt 1 ════

──── Machine ────
Kubernetes is ready.

──── The image builds ────
Step 1
(Failed, 3.2 s)

════ Attempt 2 ════

──── The image builds ────
Step 1, again

The end of the log: 3 lines.
`);
});

test("it is the same however its events are handed over, and says of a run that goes on that there is more to come", () => {
  fc.assert(
    fc.property(fc.nat({ max: story.length }), (cut) => {
      const [whole, parts] = [createLogFile(), createLogFile()];
      expect(parts.add(story.slice(0, cut)) + parts.add(story.slice(cut)) + parts.end(false)).toBe(
        whole.add(story) + whole.end(false),
      );
    }),
  );
  expect(createLogFile().end(false)).toContain("The run goes on");
});

test("no line of a student's brings a command for a terminal, or breaks out of its line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (line) => {
      const text = createLogFile().add([log(line, null)]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not remain
      expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\p{Cf}\p{Bidi_Control}]/u);
    }),
  );
});

test.each([
  "════ Attempt 2 ════",
  "──── The image builds ────",
  "(Passed, 3.2 s)",
  "(Failed, 3.2 s)",
  "(Not graded, 3.2 s)",
  "The end of the log: 3 lines.",
  "The run goes on: this is its log so far, 3 lines.",
])("no line of a student's passes for one of the file's own: %s", (forged) => {
  const written = [forged, `\r${forged}`, `\u001b[1m${forged}\u001b[0m`].map((line) => log(line, "run"));
  const lines = createLogFile().add(written).split("\n");
  expect(lines).not.toContain(forged);
  expect(lines.filter((line) => line === ` ${forged}`)).toHaveLength(3);
});
