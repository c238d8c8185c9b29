import { createParser, type EventSourceMessage } from "eventsource-parser";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { countLines, readLogTail } from "#app/_server/queries/run/log-tail.ts";
import type { Services } from "#app/_server/services.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { notify } from "#infra/db/connection/notify.ts";
import { announce, lockRun } from "#infra/db/runs/fleet-transaction.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";

let web: TestWeb;
let db: Db;
let course: SeededCourse;
let student: Person;
let number = 0;
let runId: string;

beforeAll(async () => {
  web = await startWeb();
  db = web.database.db;
  course = await seedCourse(db, { dueAt: null });
  student = await addPerson(web, "Stella Stream", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
});
afterAll(() => web?.stop());
beforeEach(async () => {
  number += 1;
  ({ runId } = await seedSubmission(db, course, { userId: student.userId, number }));
});

let seq = 0;
/** Appends events as the agent's batches are, in one transaction with the notification. */
async function append(...events: (RunEvent & Record<string, unknown>)[]): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockRun(tx, runId);
    for (const event of events) {
      seq += 1;
      const { type } = event;
      await tx.runEvent.create({
        data: { runId, attempt: 1, seq, type, payload: event as object, at: seededAt },
      });
    }
    await notify(tx, "run_event", runId);
  });
}
const log = (line: string): RunEvent => ({ type: "log", check: null, line });

async function end(state: "graded" | "cancelled"): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockRun(tx, runId);
    const scores = state === "graded" ? { score: 1, maxScore: 1 } : { reason: "Cancelled by staff." };
    await tx.run.update({
      where: { id: runId },
      data: { state, claimedAt: seededAt, runningAt: seededAt, finishedAt: seededAt, ...scores },
    });
    await announce(tx, runId, { state, attempt: 1, detail: null }, seededAt);
  });
}

interface Reader {
  /** Resolves when `count` messages have arrived, with them. */
  take(count: number): Promise<EventSourceMessage[]>;
  /** Resolves when the run's place is told, with it. */
  place(): Promise<EventSourceMessage | undefined>;
  /** All messages up to the end of the stream. */
  rest(): Promise<EventSourceMessage[]>;
  close(): void;
}

async function open(headers: Record<string, string> = {}, query = ""): Promise<Reader> {
  const gone = new AbortController();
  const answer = await call(web, student, `/api/runs/${runId}/events${query}`, {
    headers,
    signal: gone.signal,
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(answer.headers.get("content-encoding")).toBeNull();
  const got: EventSourceMessage[] = [];
  const places: EventSourceMessage[] = [];
  // Places and signs of life come by the clock, between the events and apart from them.
  const parser = createParser({
    onEvent: (message) => {
      if (message.event === "place") places.push(message);
      else if (message.event !== "beat") got.push(message);
    },
  });
  const decoder = new TextDecoder();
  const stream = answer.body?.getReader();
  const readMore = async () => {
    const { done, value } = (await stream?.read()) ?? { done: true, value: undefined };
    if (value) parser.feed(decoder.decode(value, { stream: true }));
    return !done;
  };
  return {
    async take(count) {
      while (got.length < count) if (!(await readMore())) throw new Error("The stream ended.");
      return got.splice(0, count);
    },
    async place() {
      while (places.length === 0) if (!(await readMore())) throw new Error("The stream ended.");
      return places.shift();
    },
    async rest() {
      while (await readMore());
      return got.splice(0);
    },
    close: () => gone.abort(),
  };
}
const lines = (messages: EventSourceMessage[]) => messages.map((message) => JSON.parse(message.data).line);

test("what happened before comes first, what happens follows as it is committed, and done ends it", async () => {
  await append(log("before"));
  const reader = await open();
  const [before] = await reader.take(1);
  expect(before).toMatchObject({ event: "log" });
  expect(JSON.parse(before?.data ?? "")).toEqual({
    attempt: 1,
    at: seededAt.toISOString(),
    type: "log",
    check: null,
    line: "before",
  });
  await append(log("live"), { type: "check-started", check: "build", title: "The image builds" });
  expect((await reader.take(2)).map((message) => message.event)).toEqual(["log", "check-started"]);
  await end("graded");
  const rest = await reader.rest();
  expect(rest.map((message) => message.event)).toEqual(["state", "done"]);
  expect(JSON.parse(rest[1]?.data ?? "")).toEqual({ state: "graded" });
});

test("whoever comes back with the last id misses nothing and sees nothing twice", async () => {
  await append(log("1"), log("2"), log("3"));
  const first = await open();
  const seen = await first.take(2);
  first.close();
  await append(log("4"));
  await end("cancelled");
  const lastId = seen[1]?.id ?? "";
  const resumed = await (await open({ "last-event-id": lastId })).rest();
  expect(lines(resumed.filter((message) => message.event === "log"))).toEqual(["3", "4"]);
  const byQuery = await (await open({}, `?after=${lastId}`)).rest();
  expect(byQuery).toEqual(resumed);
  // An EventSource repeats the address it was given: the header knows better.
  expect(await (await open({ "last-event-id": lastId }, "?after=0")).rest()).toEqual(resumed);
});

test("a final run that was seen to its end answers done at once", async () => {
  await end("cancelled");
  const [state] = await (await open()).rest();
  const again = await (await open({ "last-event-id": state?.id ?? "" })).rest();
  expect(again.map((message) => message.event)).toEqual(["done"]);
});

test("a log longer than one batch arrives whole and in order", async () => {
  const wanted = Array.from({ length: 1234 }, (_, i) => `line ${i}`);
  await db.runEvent.createMany({
    data: wanted.map((line, i) => ({
      runId,
      attempt: 1,
      seq: 1_000_000 + i,
      type: "log",
      payload: log(line),
      at: seededAt,
    })),
  });
  await end("graded");
  const messages = await (await open()).rest();
  expect(lines(messages.filter((message) => message.event === "log"))).toEqual(wanted);
});

test("several readers of one run each get everything, over one listening connection", async () => {
  const readers = await Promise.all(Array.from({ length: 8 }, () => open()));
  await append(log("to all"));
  for (const reader of readers) expect(lines(await reader.take(1))).toEqual(["to all"]);
  const [row] = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'drydock-listen'`;
  expect(row?.count).toBe(1n);
  await end("graded");
  for (const reader of readers) expect((await reader.rest()).at(-1)?.event).toBe("done");
});

test("a listening connection that breaks loses no event", async () => {
  const reader = await open();
  await append(log("while it listens"));
  await reader.take(1);
  await db.$queryRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'drydock-listen'`;
  await append(log("while it does not"));
  expect(lines(await reader.take(1))).toEqual(["while it does not"]);
  reader.close();
});

test("a reader that goes away while nothing happens leaves no trace and no error", async () => {
  const leaving = await open();
  const staying = await open();
  await append(log("both are here"));
  await Promise.all([leaving.take(1), staying.take(1)]);
  leaving.close();
  await append(log("one is left"));
  await end("cancelled");
  expect((await staying.rest()).map((message) => message.event)).toEqual(["log", "state", "done"]);
  expect(await web.log()).not.toContain("An event stream broke");
});

test("what only staff may see, and kinds of events that students are not told of, never leave", async () => {
  await append({ ...log("shown"), staffOutput: "secret of staff", token: "secret of the machine" });
  await append({ type: "staff-note", text: "secret note" } as unknown as RunEvent & Record<string, unknown>);
  await append(log("shown too"));
  await end("graded");
  const messages = await (await open()).rest();
  expect(JSON.stringify(messages)).not.toContain("secret");
  expect(lines(messages.filter((message) => message.event === "log"))).toEqual(["shown", "shown too"]);
});

test("text that looks like the stream's own syntax stays inside its line", async () => {
  const hostile = 'x\n\nevent: done\ndata: {"state":"graded"}\r\nid: 999999\u2028';
  await append(log(hostile));
  await end("cancelled");
  const messages = await (await open()).rest();
  expect(messages.map((message) => message.event)).toEqual(["log", "state", "done"]);
  expect(lines(messages.slice(0, 1))).toEqual([hostile]);
});

test("an id that is no number is refused", async () => {
  const answer = await call(web, student, `/api/runs/${runId}/events`, {
    headers: { "last-event-id": "1; DROP" },
  });
  expect(answer.status).toBe(400);
});

test("one student cannot hold any number of streams: the twenty-first is refused, with the way out", async () => {
  const greedy = await addPerson(web, "Greta Greedy", [
    { course: course.courseSlug, role: "ta", section: null },
  ]);
  const leave = new AbortController();
  const follow = () => call(web, greedy, `/api/runs/${runId}/events`, { signal: leave.signal });
  const answers = await Promise.all(Array.from({ length: 21 }, follow));
  expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(20).fill(200), 429]);
  const refused = await answers.find((answer) => answer.status === 429)?.json();
  expect(refused.error).toMatchObject({
    code: "too-many-streams",
    message: expect.stringMatching(/close some of their pages/),
  });
  leave.abort();
  // Their places are free once the server has seen them go.
  let status = 429;
  while (status === 429) {
    const gone = new AbortController();
    status = (await call(web, greedy, `/api/runs/${runId}/events`, { signal: gone.signal })).status;
    gone.abort();
  }
  expect(status).toBe(200);
});

test("a reader whose run waits is told its place, without an id that a browser would come back with", async () => {
  const reader = await open();
  const place = await reader.place();
  expect(place).toMatchObject({ event: "place", id: undefined });
  expect(JSON.parse(place?.data ?? "")).toMatchObject({ superseded: expect.any(Boolean), waitsFor: null });
  reader.close();
});

describe("events at once, for who holds no stream open", () => {
  const list = async (query = "") =>
    (await call(web, student, `/api/runs/${runId}/events/list${query}`)).json();

  test("are those after one and before another, until the run has ended and there are no more", async () => {
    await append(log("1"), log("2"), log("3"));
    const all = await list();
    expect(all.events.map((event: { event: { line: string } }) => event.event.line)).toEqual(["1", "2", "3"]);
    expect(all).toMatchObject({ lastId: all.events[2].id, more: false, ended: false });
    const [first, second, third] = all.events.map((event: { id: number }) => event.id);
    expect((await list(`?after=${first}&before=${third}`)).events).toEqual([all.events[1]]);
    await end("graded");
    const rest = await list(`?after=${second}`);
    expect(rest.events.map((event: { event: { type: string } }) => event.event.type)).toEqual([
      "log",
      "state",
    ]);
    expect(rest).toMatchObject({ more: false, ended: true });
    expect(await list(`?after=${rest.lastId}`)).toEqual({ ...rest, events: [] });
  });

  test("hold nothing that only staff may see", async () => {
    await append({ ...log("shown"), staffOutput: "secret of staff" });
    await append({ type: "staff-note", text: "secret note" } as unknown as RunEvent &
      Record<string, unknown>);
    const page = await list();
    expect(page.events).toHaveLength(1);
    expect(JSON.stringify(page)).not.toContain("secret");
  });
});

describe("the log as a file", () => {
  const download = () => call(web, student, `/api/runs/${runId}/log`);

  test("holds every line of every attempt, of more than one reading, and says whether more may come", async () => {
    await append(log("first attempt"));
    await db.runEvent.createMany({
      data: Array.from({ length: 4321 }, (_, index) => ({
        ...{ runId, attempt: 2, seq: index + 1, type: "log", payload: log(`line ${index}`), at: seededAt },
      })),
    });
    const answer = await download();
    expect(answer.headers.get("content-disposition")).toMatch(
      /^attachment; filename="docker-containers-submission-/,
    );
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const text = await answer.text();
    const wanted = ["first attempt", ...Array.from({ length: 4321 }, (_, index) => `line ${index}`)];
    expect(text.split("\n").filter((line) => wanted.includes(line))).toEqual(wanted);
    expect(text).toContain("════ Attempt 2 ════");
    expect(text).toMatch(/\n\nThe run goes on: this is its log so far, 4322 lines\.\n$/);
    await end("graded");
    expect(await (await download()).text()).toMatch(/\n\nThe end of the log: 4322 lines\.\n$/);
  });

  test("that was removed is refused with the day, and one that never had a line is not", async () => {
    await end("cancelled");
    const removed = { runId, removedAt: seededAt, keptDays: 180, complete: true };
    await db.logRemoval.create({ data: { ...removed, lines: 0 } });
    expect((await download()).status).toBe(200);
    await db.logRemoval.update({ where: { runId }, data: { lines: 12 } });
    const refused = await download();
    expect(refused.status).toBe(410);
    expect((await refused.json()).error).toEqual({
      code: "log-removed",
      message:
        "The log of this run was removed on 2024-11-12: logs like it are kept for 180 days. Its result and its receipt stay.",
    });
  });
});

describe("the end of a log, as its page carries it", () => {
  test("says how many lines come before it, and leaves no line out that cannot be read", async () => {
    await append(
      log("1"),
      { type: "log", broken: true } as unknown as RunEvent & Record<string, unknown>,
      log("3"),
    );
    const tail = await readLogTail({ db } as Services, runId, 2);
    expect(tail.before).toBe(1);
    expect(tail.events.map(({ event }) => event.type === "log" && event.line)).toEqual([
      "(This line cannot be read by this version of Drydock.)",
      "3",
    ]);
    expect(await countLines(db, runId)).toBe(3);
    expect(await readLogTail({ db } as Services, "no-such-run", 2)).toEqual({ events: [], before: 0 });
  });

  test("is bounded by what its lines hold, from the end", async () => {
    await append(...Array.from({ length: 20 }, (_, index) => log(`${index} `.repeat(2000).slice(0, 8000))));
    const tail = await readLogTail({ db } as Services, runId, 250);
    expect(tail.events.length).toBeLessThan(10);
    expect(tail.before + tail.events.length).toBe(20);
    expect(tail.events.at(-1)?.event).toMatchObject({ line: expect.stringMatching(/^19 /) });
  });
});
