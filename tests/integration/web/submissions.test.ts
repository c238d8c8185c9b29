import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";
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

describe("what is accepted", () => {
  test("an archive as the body answers 201 with a receipt that the published keys prove, for exactly those bytes", async () => {
    const before = new Date();
    const answer = await send(student, archive);
    expect(answer.status).toBe(201);
    const { submission, run, receipt } = (await answer.json()) as {
      submission: { id: string; number: number };
      run: { id: string };
      receipt: { jws: string; receivedAt: string };
    };
    const keys = await (await call(web, null, "/.well-known/jwks.json")).json();
    const sha256 = createHash("sha256").update(archive).digest("hex");
    const verified = await verifyReceipt(receipt.jws, keys, sha256);
    expect(verified).toMatchObject({
      outcome: "valid",
      claims: { sub: submission.id, sha256, bytes: archive.length, fileName: "work.zip", late: false },
    });
    expect(new Date(receipt.receivedAt).getTime()).toBeGreaterThanOrEqual(before.getTime());
    const stored = await web.database.db.run.findUniqueOrThrow({ where: { id: run.id } });
    expect(stored).toMatchObject({ submissionId: submission.id, state: "queued", counts: true });
  });

  test("a form with an archive and a form with loose files in folders are both taken", async () => {
    expect((await send(student, uploadForm([["work.zip", archive]]))).status).toBe(201);
    const loose = await send(
      student,
      uploadForm([
        ["Dockerfile", "FROM debian\n"],
        ["app/größe.py", "print(1)\n"],
      ]),
    );
    expect(loose.status).toBe(201);
    const { submission } = (await loose.json()) as { submission: { id: string } };
    const read = await call(web, student, `/api/submissions/${submission.id}`);
    expect(await read.json()).toMatchObject({
      submission: {
        files: [
          { path: "Dockerfile", bytes: 12 },
          { path: "app/größe.py", bytes: 9 },
        ],
      },
    });
  });

  test("what was handed in comes back byte for byte, as a file to save, with its receipt beside it", async () => {
    const { submission, receipt } = await (await send(student, archive)).json();
    const file = await call(web, student, `/api/submissions/${submission.id}/file`);
    expect(Buffer.from(await file.arrayBuffer()).equals(archive)).toBe(true);
    expect(file.headers.get("content-disposition")).toMatch(/^attachment; filename="work.zip"/);
    expect(file.headers.get("content-type")).toBe("application/octet-stream");
    expect(file.headers.get("x-content-type-options")).toBe("nosniff");
    const saved = await call(web, student, `/api/submissions/${submission.id}/receipt`);
    expect((await saved.text()).trim()).toBe(receipt.jws);
  });
});

describe("one key, one submission", () => {
  test("the same Idempotency-Key sent again answers 200 with the same submission", async () => {
    const first = await send(student, archive, { "idempotency-key": "again" });
    const second = await send(student, archive, { "idempotency-key": "again" });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(await second.json()).toEqual(await first.json());
  });

  test("ten requests with one key at once make one submission, by header or by form field", async () => {
    const before = await submissions();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        i % 2 === 0
          ? send(student, archive, { "idempotency-key": "at-once" })
          : send(student, uploadForm([["work.zip", archive]], "at-once")),
      ),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(9);
    expect(new Set(bodies.map((body) => body.submission.id)).size).toBe(1);
    expect(await submissions()).toBe(before + 1);
  });
});

describe("what became of an upload whose answer was lost", () => {
  const ask = async (person: Person, key: string) =>
    (await call(web, person, `${address.replace("&name=work.zip", "")}&key=${key}`)).json();

  test("is told by its key to whoever sent it, and to nobody else", async () => {
    const sent = await (await send(student, archive, { "idempotency-key": "lost" })).json();
    expect(await ask(student, "lost")).toEqual({
      state: "arrived",
      submission: sent.submission,
      run: sent.run,
    });
    expect(await ask(student, "never-sent")).toEqual({ state: "not-arrived" });
    const other = await addPerson(web, "Olga Other", [
      { course: course.courseSlug, role: "student", section: "TCSS 562" },
    ]);
    expect(await ask(other, "lost")).toEqual({ state: "not-arrived" });
  });

  test("is that it is under way, while it still arrives", async () => {
    let end: () => void = () => undefined;
    const whole = new Promise<void>((resolve) => {
      end = resolve;
    });
    const slow = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(archive.subarray(0, 20));
        await whole;
        controller.enqueue(archive.subarray(20));
        controller.close();
      },
    });
    const sending = call(web, student, address, {
      method: "POST",
      body: slow,
      duplex: "half",
      headers: { "idempotency-key": "slowly" },
    });
    await expect.poll(() => ask(student, "slowly")).toEqual({ state: "under-way" });
    end();
    expect((await sending).status).toBe(201);
    expect(await ask(student, "slowly")).toMatchObject({ state: "arrived" });
  });
});

describe("a page that was opened for somebody else than who is signed in now", () => {
  test("hands nothing in under another name, and says who is signed in", async () => {
    const refused = await send(student, archive, {}, `${address}&person=usr_somebody`);
    expect(refused.status).toBe(409);
    const { code, message } = await errorOf(refused);
    expect(code).toBe("other-person");
    expect(message).toContain("Sam Sender has signed in");
    expect(await submissions()).toBe(0);
    expect((await send(student, archive, {}, `${address}&person=${student.userId}`)).status).toBe(201);
  });

  test("says so without JavaScript on the page that the form was on", async () => {
    const page = `/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`;
    const answer = await send(
      student,
      uploadForm([["work.zip", archive]]),
      { accept: "text/html", referer: `${web.baseUrl}${page}` },
      `${address}&person=usr_somebody`,
    );
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `${page}?refused=other-person`]);
    const html = await (
      await call(web, null, `${page}?refused=other-person`, { headers: { cookie: student.cookie } })
    ).text();
    expect(html).toContain("Somebody else has signed in");
  });
});

describe("a browser's form without JavaScript", () => {
  const accept = { accept: "text/html,application/xhtml+xml" };

  test("goes on to the run's page when it was accepted", async () => {
    const answer = await send(student, uploadForm([["work.zip", archive]], "by-form"), accept);
    expect(answer.status).toBe(303);
    const runId = /^\/runs\/(run_\w+)$/.exec(answer.headers.get("location") ?? "")?.[1];
    const run = await web.database.db.run.findUniqueOrThrow({
      where: { id: runId },
      include: { submission: true },
    });
    expect(run.submission).toMatchObject({ userId: student.userId, idempotencyKey: "by-form" });
  });

  test("goes back to the exercise with the refusal when it was refused", async () => {
    const answer = await send(student, uploadForm([["work.zip", "this is no archive"]]), accept);
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get("location") ?? "", web.baseUrl);
    expect(location.pathname).toBe(`/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`);
    const refusal = await web.database.db.uploadRefusal.findUniqueOrThrow({
      where: { id: location.searchParams.get("refusal") ?? "" },
    });
    expect(refusal).toMatchObject({ userId: student.userId, code: "not-an-archive", fileName: "work.zip" });
  });

  test("asks to sign in beside it when the session has ended, so that loading the answer again sends it again", async () => {
    const referer = `${web.baseUrl}/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`;
    const answer = await send(null, uploadForm([["work.zip", archive]]), { ...accept, referer });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain(
      `href="/sign-in?next=${encodeURIComponent(new URL(referer).pathname)}" target="_blank"`,
    );
  });

  test("with no file chosen is refused as holding no file", async () => {
    const answer = await send(student, uploadForm([["", ""]]));
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).code).toBe("no-files");
  });
});

test("trouble of ours says nothing of itself but a reference, under which the log has it", async () => {
  const { submission } = await (await send(student, archive)).json();
  await rm(path.join(web.dataDir, "files/submissions", submission.id));
  const answer = await call(web, student, `/api/submissions/${submission.id}/file`);
  expect(answer.status).toBe(500);
  const { code, message } = await errorOf(answer);
  expect(code).toBe("internal");
  expect(message).not.toContain(submission.id);
  const reference = /reference ([0-9a-f-]{36})/.exec(message)?.[1] ?? "none";
  await expect.poll(web.log).toContain(reference);
  expect(await web.log()).toContain(`submissions/${submission.id}`);
});
