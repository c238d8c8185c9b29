import fc from "fast-check";
import { expect, test } from "vitest";
import type { SequencedEvent } from "../../../protocol/messages.ts";
import { createEventStream } from "./event-stream.ts";

const log = (line: string) => ({ type: "log", check: null, line }) as const;

/** Keeps what it is sent as the gateway does: known events are skipped, a gap ends the batch. */
function createReceiver() {
  const received: SequencedEvent[] = [];
  return {
    received,
    take(events: SequencedEvent[]) {
      for (const event of events) if (event.seq === received.length + 1) received.push(event);
      return { nextSeq: received.length + 1 };
    },
  };
}

test("every event arrives once and in order, whatever part of each batch the receiver takes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string(), { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat({ max: 3 }), { maxLength: 5 }),
      async (lines, takes) => {
        const receiver = createReceiver();
        const failures: unknown[] = [];
        const stream = createEventStream(
          async (events) => receiver.take(events.slice(0, takes.shift() ?? events.length)),
          (error) => failures.push(error),
        );
        for (const line of lines) stream.emit(log(line));
        await stream.flush();
        expect(receiver.received.map(({ event }) => event)).toEqual(lines.map(log));
        expect(receiver.received.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
        expect(failures).toEqual([]);
      },
    ),
    { numRuns: 15 },
  );
});

test("while nothing is acknowledged memory is bounded: lines are left out and counted, results of checks never", async () => {
  const receiver = createReceiver();
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const stream = createEventStream(
    async (events) => {
      await gate;
      return receiver.take(events);
    },
    () => undefined,
  );
  const line = "x".repeat(8000);
  for (let i = 0; i < 5000; i += 1) stream.emit(log(line));
  stream.emit({ type: "check-started", check: "build", title: "Build" });
  open();
  await stream.flush();
  const lines = receiver.received.filter(({ event }) => event.type === "log").length;
  expect(lines * line.length).toBeLessThan(20 * 2 ** 20);
  expect(receiver.received.at(-1)?.event.type).toBe("check-started");
  expect(JSON.stringify(receiver.received.at(-2)?.event)).toContain(`[${5000 - lines + 1} lines left out`);
});

test("when sending fails for good the stream is over and says so", async () => {
  const failures: unknown[] = [];
  const stream = createEventStream(
    async () => {
      throw new Error("409");
    },
    (error) => failures.push(error),
  );
  stream.emit(log("a"));
  await expect(stream.flush()).rejects.toThrow("409");
  expect(failures).toHaveLength(1);
});
