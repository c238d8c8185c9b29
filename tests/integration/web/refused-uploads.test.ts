import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import { listFiles, zipOf } from "#tests/support/submit.ts";
import { errorOf, upload, uploadForm, uploadTo } from "./upload-requests.ts";

let web: TestWeb;
let course: SeededCourse;
let student: Person;
let archive: Uint8Array<ArrayBuffer>;
let address: string;

beforeAll(async () => {
  web = await startWeb();
  course = await seedCourse(web.database.db, { dueAt: null });
  archive = new Uint8Array(await zipOf({ Dockerfile: "FROM debian\n" }));
  address = uploadTo(course.courseSlug);
});
// A student of its own for each test: how fast one hands in is bounded.
beforeEach(async () => {
  student = await addPerson(web, "Sam Sender", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
});
afterAll(() => web?.stop());

const send = (person: Person | null, body: BodyInit, headers: Record<string, string> = {}, to = address) =>
  upload(web, person, to, body, headers);
const submissions = () => web.database.db.submission.count({ where: { userId: student.userId } });

describe("one student who floods the queue", () => {
  test("is told when the next submission is taken, before its bytes; the ten before stay", async () => {
    for (let i = 0; i < 10; i++) expect((await send(student, archive)).status).toBe(201);
    const refused = await send(student, archive);
    expect(refused.status).toBe(429);
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(120);
    const { code, message } = await errorOf(refused);
    expect(code).toBe("too-many-submissions");
    expect(message).toMatch(
      /up to 10 in a row, then one every 2 minutes; the next one is taken at \d+:\d\d:\d\d [AP]M UTC, in \d+ seconds?/,
    );
    expect(await submissions()).toBe(10);
    const runs = await web.database.db.run.groupBy({
      by: ["state"],
      where: { submission: { userId: student.userId } },
      _count: true,
    });
    expect(runs.map(({ state, _count }) => [state, _count]).sort()).toEqual([
      ["cancelled", 5],
      ["queued", 5],
    ]);
    // Without JavaScript the exercise's page says it.
    const page = `/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`;
    const sent = await send(student, uploadForm([["work.zip", archive]]), { accept: "text/html" });
    expect([sent.status, sent.headers.get("location")]).toEqual([303, page]);
    const html = await (await call(web, null, page, { headers: { cookie: student.cookie } })).text();
    expect(html).toContain("the next one is taken at");
  });
});

describe("what is refused", () => {
  const refusals = () => web.database.db.uploadRefusal.count();
  /** Every file of the store, those still arriving included. */
  const storedFiles = () => listFiles(path.join(web.dataDir, "files"));

  test("nobody is asked to sign in, and nothing is stored", async () => {
    const before = await refusals();
    const answer = await send(null, archive);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect((await errorOf(answer)).code).toBe("sign-in-needed");
    expect(await refusals()).toBe(before);
  });

  test("an exercise that does not exist answers 404, one that is not named 400", async () => {
    expect((await send(student, archive, {}, uploadTo("no-such-course"))).status).toBe(404);
    expect((await send(student, archive, {}, "/api/submissions?exercise=half")).status).toBe(400);
    expect((await send(student, archive, {}, "/api/submissions")).status).toBe(400);
  });

  test("an Idempotency-Key that is too long or holds spaces answers 400 with the rule", async () => {
    for (const key of ["k".repeat(201), "two words"]) {
      const answer = await send(student, archive, { "idempotency-key": key });
      expect(answer.status).toBe(400);
      expect((await errorOf(answer)).message).toContain("200");
    }
  });

  test("a form without a boundary answers 400 with the way to send one", async () => {
    const answer = await send(student, "--x", { "content-type": "multipart/form-data" });
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).message).toContain("boundary");
  });

  test("an upload over the limit is refused long before it has arrived, and leaves no byte behind", async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    const total = 220;
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === total) return controller.close();
        sent += 1;
        controller.enqueue(chunk);
      },
    });
    const filesBefore = await storedFiles();
    const answer = await call(web, student, address, { method: "POST", body: endless, duplex: "half" });
    expect(answer.status).toBe(413);
    expect(await errorOf(answer)).toMatchObject({
      code: "too-large-packed",
      message: expect.stringContaining('"work.zip" has more than 20 MB'),
    });
    expect(sent).toBeLessThan(total / 2);
    expect(await storedFiles()).toEqual(filesBefore);
    expect(await web.database.db.uploadRefusal.findMany({ where: { userId: student.userId } })).toMatchObject(
      [{ wholeBytes: null }],
    );
  });

  test("an upload over the limit that says its size is refused before it is stored, and kept with that size", async () => {
    const answer = await send(student, new Uint8Array(30 * 1024 * 1024));
    expect(answer.status).toBe(413);
    expect((await errorOf(answer)).message).toContain(
      '"work.zip" has 30 MB; this exercise takes at most 20 MB',
    );
    expect(await web.database.db.uploadRefusal.findMany({ where: { userId: student.userId } })).toMatchObject(
      [{ bytes: 0n, wholeBytes: 30n * 1024n * 1024n }],
    );
  });

  test("an upload that breaks off is kept as cut off, with how much had arrived", async () => {
    const filesBefore = await storedFiles();
    const gone = new AbortController();
    let pulls = 0;
    const half = new ReadableStream<Uint8Array>({
      async pull(controller) {
        pulls += 1;
        if (pulls <= 3) return controller.enqueue(Buffer.alloc(1024 * 1024, 1));
        // The server has opened its file for these bytes: now the line breaks.
        await expect.poll(storedFiles).not.toEqual(filesBefore);
        gone.abort();
      },
    });
    await expect(
      call(web, student, address, { method: "POST", body: half, duplex: "half", signal: gone.signal }),
    ).rejects.toThrow(/abort/i);
    await expect
      .poll(() => web.database.db.uploadRefusal.findFirst({ where: { code: "upload-cut-off" } }), {
        timeout: 10_000,
      })
      .toMatchObject({ userId: student.userId, fileName: "work.zip" });
    await expect.poll(storedFiles).toEqual(filesBefore);
  });
});

describe("a request that another site made the browser send", () => {
  const asBrowser = (headers: Record<string, string>) =>
    send(null, uploadForm([["work.zip", archive]]), { cookie: student.cookie, ...headers });

  test("is refused without an Origin, and with a foreign one", async () => {
    for (const headers of [{}, { origin: "https://evil.example" }, { origin: "null" }] as Record<
      string,
      string
    >[]) {
      const before = await submissions();
      const answer = await asBrowser(headers);
      expect(answer.status).toBe(403);
      expect((await errorOf(answer)).code).toBe("cross-site");
      expect(await submissions()).toBe(before);
    }
  });

  test("is taken from our own pages", async () => {
    expect((await asBrowser({ origin: web.baseUrl })).status).toBe(201);
    expect((await asBrowser({ "sec-fetch-site": "same-origin" })).status).toBe(201);
  });
});
