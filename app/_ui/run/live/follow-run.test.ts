import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EventPage } from "#app/_server/events/event-page.ts";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import { followRun, giveUpMs, type StreamEars, silentMs } from "./follow-run.ts";

const event = (id: number): StreamedEvent => ({
  ...{ id, attempt: 1, at: "2024-11-24T12:00:00.000Z" },
  event: { type: "log", check: null, line: `line ${id}` },
});

/** A page, and a server whose moves the test makes. */
function openPage({ slots = 1, after = 0 } = {}) {
  const opened: { after: number; ears: StreamEars; closed: boolean }[] = [];
  const asked: number[] = [];
  const told: number[] = [];
  const seen = { heard: 0, silent: [] as number[], done: 0, freed: 0 };
  let free = slots;
  const server: { answer: () => Promise<EventPage>; mayKeep: boolean; giveSlot(): void } = {
    answer: async () => ({ events: [], lastId: after, more: false, ended: false }),
    mayKeep: true,
    giveSlot: () => {
      free += 1;
    },
  };
  const leave = followRun(
    after,
    {
      open: (from, ears) => {
        const stream = { after: from, ears, closed: false };
        opened.push(stream);
        return {
          close: () => {
            stream.closed = true;
          },
        };
      },
      ask: (from, signal) => {
        asked.push(from);
        return Promise.race([
          server.answer(),
          new Promise<never>((_resolve, reject) => {
            const limit = setTimeout(() => reject(new Error("Not answered.")), giveUpMs);
            signal.addEventListener("abort", () => {
              clearTimeout(limit);
              reject(signal.reason);
            });
          }),
        ]);
      },
      takeSlot: async () => {
        if (free === 0) return null;
        free -= 1;
        return () => {
          free += 1;
          seen.freed += 1;
        };
      },
      mayKeepSlot: () => server.mayKeep,
      hidden: () => false,
      now: Date.now,
    },
    {
      events: (events) => told.push(...events.map(({ id }) => id)),
      place: () => undefined,
      heard: () => {
        seen.heard += 1;
      },
      silent: (since) => seen.silent.push(Date.now() - since),
      done: () => {
        seen.done += 1;
      },
    },
  );
  const stream = () => {
    const last = opened.at(-1);
    if (!last) throw new Error("No stream was opened.");
    return last;
  };
  return { opened, asked, told, seen, server, leave, stream };
}

/** Lets this much time pass, with all that happens in it. */
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a page with a stream", () => {
  test("is told every event once, gives its place back at the end, and asks nothing beside it", async () => {
    const page = openPage({ after: 4 });
    await pass(0);
    expect(page.stream().after).toBe(4);
    page.stream().ears.heard({ event: event(5) });
    page.stream().ears.done();
    await pass(60);
    expect(page).toMatchObject({ told: [5], asked: [], seen: { heard: 1, silent: [], done: 1, freed: 1 } });
    expect(page.opened).toHaveLength(1);
  });

  test("that freezes says so within ten seconds, and comes back from the last event on", async () => {
    const page = openPage();
    await pass(0);
    page.stream().ears.heard({ event: event(7) });
    await pass(8);
    expect(page.seen.silent).toEqual([]);
    await pass(2);
    // Since when, as of when it was said.
    expect(page.seen.silent).toEqual([silentMs]);
    await pass(1);
    expect(page.opened.map((stream) => [stream.after, stream.closed])).toEqual([
      [0, true],
      [7, false],
    ]);
    page.stream().ears.heard(null);
    expect(page.seen.heard).toBe(2);
  });

  test("is well as long as there are signs of life", async () => {
    const page = openPage();
    for (let beats = 0; beats < 20; beats++) {
      await pass(4);
      page.stream().ears.heard(null);
    }
    expect(page.seen.silent).toEqual([]);
    expect(page.opened).toHaveLength(1);
  });

  test("gives up a reconnect that hangs, again and again, and is silent once for all of them", async () => {
    const page = openPage();
    await pass(0);
    page.stream().ears.heard(null);
    await pass(60);
    expect(page.opened.length).toBeGreaterThan(4);
    expect(page.opened.filter((stream) => !stream.closed).length).toBeLessThanOrEqual(1);
    expect(page.seen.silent).toHaveLength(1);
  });

  test("that breaks is opened again at once, and called broken when that fails as well: within two seconds", async () => {
    const page = openPage();
    await pass(0);
    page.stream().ears.heard(null);
    page.stream().ears.broke(false);
    expect(page.seen.silent).toEqual([]);
    await pass(0.5);
    page.stream().ears.broke(false);
    expect(page.seen.silent).toHaveLength(1);
    await pass(1);
    page.stream().ears.heard(null);
    expect(page.seen.heard).toBe(2);
  });

  test("hears nothing of a stream that it has given up", async () => {
    const page = openPage();
    await pass(0);
    const old = page.stream();
    await pass(12);
    old.ears.heard({ event: event(9) });
    old.ears.done();
    expect(page).toMatchObject({ told: [], seen: { done: 0 } });
  });

  test("whose stream is refused asks instead, and leaves its place to others", async () => {
    const page = openPage();
    await pass(0);
    page.stream().ears.broke(true);
    await pass(1);
    expect(page.seen.freed).toBe(1);
    expect(page.asked.length).toBeGreaterThan(0);
    await pass(20);
    expect(page.opened).toHaveLength(1);
    await pass(14);
    expect(page.opened).toHaveLength(2);
  });

  test("asks while it may not keep its stream, as out of sight where a browser has no locks", async () => {
    const page = openPage();
    await pass(0);
    page.server.mayKeep = false;
    await pass(2);
    expect(page.stream().closed).toBe(true);
    expect(page.asked.length).toBeGreaterThan(0);
  });
});

describe("a page without a place for a stream", () => {
  test("asks from the last event on until the run is over", async () => {
    const page = openPage({ slots: 0 });
    const answers: EventPage[] = [
      { events: [event(1), event(2)], lastId: 3, more: true, ended: false },
      { events: [event(4)], lastId: 4, more: false, ended: false },
      { events: [event(5)], lastId: 5, more: false, ended: true },
    ];
    page.server.answer = async () => answers.shift() ?? Promise.reject(new Error("Asked after the end."));
    await pass(30);
    expect(page).toMatchObject({ asked: [0, 3, 4], told: [1, 2, 4, 5], seen: { done: 1, heard: 1 } });
  });

  test("has one as soon as another tab has closed, however it closed", async () => {
    const page = openPage({ slots: 0 });
    await pass(3);
    expect(page.opened).toHaveLength(0);
    page.server.giveSlot();
    await pass(6);
    expect(page.opened).toHaveLength(1);
  });

  test("says within ten seconds that its questions hang, gives them up, and is well again with an answer", async () => {
    const page = openPage({ slots: 0 });
    await pass(1);
    page.server.answer = () => new Promise(() => undefined);
    await pass(10);
    expect(page.seen.silent).toHaveLength(1);
    page.server.answer = async () => ({ events: [], lastId: 0, more: false, ended: false });
    await pass(12);
    expect(page.seen.heard).toBe(2);
  });

  test("says so after two answers that failed", async () => {
    const page = openPage({ slots: 0 });
    await pass(1);
    page.server.answer = () => Promise.reject(new Error("Nobody is there."));
    await pass(3.5);
    expect(page.seen.silent).toHaveLength(1);
  });
});

test("a page that is left frees everything and does nothing more", async () => {
  for (const slots of [0, 1]) {
    const page = openPage({ slots });
    await pass(0);
    page.leave();
    const before = [page.opened.length, page.asked.length];
    await pass(60);
    expect([page.opened.length, page.asked.length]).toEqual(before);
    expect(page.opened.every((stream) => stream.closed)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  }
});
