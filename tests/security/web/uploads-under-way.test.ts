import { randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { type ClientRequest, request as httpRequest } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";

const mib = 1024 * 1024;
const size = 8 * mib;
let web: TestWeb;
let course: SeededCourse;
let student: Person;
beforeAll(async () => {
  web = await startWeb({ DRYDOCK_STUDENT_STORAGE_MIB: "20" });
  course = await seedCourse(web.database.db, { dueAt: null });
  student = await addPerson(web, "Hal Holder", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
});
afterAll(() => web?.stop());

interface Held {
  person?: Person;
  name?: string;
  headers?: Record<string, string | number>;
  whole?: boolean;
}

/** All but the last byte is sent, unless the whole is. */
function holdBack(
  bytes: Buffer,
  { person = student, name = "work.zip", headers = {}, whole = false }: Held = {},
): {
  sending: ClientRequest;
  refused: Promise<{ status: number; body: string }>;
} {
  const url = `${web.baseUrl}/api/submissions?exercise=${course.courseSlug}/tutorial-7/docker-containers&name=${name}`;
  const sending = httpRequest(url, {
    method: "POST",
    agent: false,
    headers: { authorization: `Bearer ${person.token}`, "content-length": bytes.length, ...headers },
  });
  const refused = new Promise<{ status: number; body: string }>((resolve) => {
    sending.on("error", () => undefined);
    sending.on("response", (answer) => {
      void text(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 0, body }),
        () => undefined,
      );
    });
  });
  if (whole) sending.end(bytes);
  else sending.write(bytes.subarray(0, -1));
  return { sending, refused };
}

async function arrivingBytes(): Promise<number> {
  let total = 0;
  for (const entry of await readdir(web.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.parentPath.includes(".incoming")) continue;
    const file = await stat(path.join(entry.parentPath, entry.name)).catch(() => null);
    total += file?.size ?? 0;
  }
  return total;
}

test("last byte held back: of fifteen uploads at once two are under way, and the others are told so", async () => {
  const bytes = randomBytes(size);
  const all = Array.from({ length: 15 }, () => holdBack(bytes));
  const answers: { status: number; body: string }[] = [];
  for (const { refused } of all) void refused.then((answer) => answers.push(answer));
  await expect.poll(() => answers.length, { timeout: 30_000 }).toBe(13);
  for (const { status, body } of answers) {
    expect(status).toBe(429);
    expect(JSON.parse(body)).toMatchObject({ error: { code: "too-many-uploads" } });
    expect(body).toContain("Two of your uploads are still under way");
  }
  await expect.poll(arrivingBytes, { timeout: 30_000 }).toBeGreaterThanOrEqual(2 * (size - 65_536));
  expect(await arrivingBytes()).toBeLessThan(2 * size);
  // Staff see it, and who goes away leaves the place and no byte.
  const refusals = await web.database.db.uploadRefusal.findMany({ where: { userId: student.userId } });
  expect(refusals).toMatchObject([{ code: "too-many-uploads", count: 13 }]);
  for (const { sending } of all) sending.destroy();
  await expect.poll(arrivingBytes, { timeout: 30_000 }).toBe(0);
});

test("what is under way counts towards the quota of the next upload", async () => {
  const first = holdBack(randomBytes(12 * mib));
  await expect.poll(arrivingBytes, { timeout: 30_000 }).toBeGreaterThan(11 * mib);
  const { status, body } = await holdBack(randomBytes(12 * mib)).refused;
  expect([status, JSON.parse(body).error.code]).toEqual([413, "person-storage-full"]);
  first.sending.destroy();
});

/** Answers to these, as they come. */
function gather(all: ReturnType<typeof holdBack>[]): { status: number; body: string }[] {
  const answers: { status: number; body: string }[] = [];
  for (const { refused } of all) void refused.then((answer) => answers.push(answer));
  return answers;
}
const codeOf = ({ body }: { body: string }): string => JSON.parse(body).error.code;

test("forms that reach no file: four of one person's are waited for, for half a minute, and nobody else waits", async () => {
  const [holder, classmate] = await Promise.all(
    ["Fay Formless", "Cleo Classmate"].map((name) =>
      addPerson(web, name, [{ course: course.courseSlug, role: "student", section: "TCSS 562" }]),
    ),
  );
  const form = Buffer.from("--x\r\n");
  const headers = { "content-type": "multipart/form-data; boundary=x", "content-length": 1_000 };
  const hold = (times: number) =>
    Array.from({ length: times }, () => holdBack(form, { ...{ person: holder, headers } }));
  const dockerfile = { name: "Dockerfile", whole: true };
  const refusals = async () => {
    const rows = await web.database.db.uploadRefusal.findMany({ where: { userId: holder?.userId } });
    return rows.reduce((sum, { count }) => sum + count, 0);
  };

  // Who goes away leaves the places, and so does what is no upload.
  const gone = hold(6);
  const refusedAtOnce = gather(gone);
  await expect.poll(() => refusedAtOnce.length, { timeout: 20_000 }).toBe(2);
  for (const { sending } of gone) sending.destroy();
  await expect.poll(refusals, { timeout: 20_000 }).toBe(6);
  for (let i = 0; i < 6; i++) {
    const none = holdBack(form, {
      ...{ person: holder, whole: true },
      headers: { "idempotency-key": "a b" },
    });
    expect(codeOf(await none.refused)).toBe("bad-request");
  }

  const all = hold(40);
  const answers = gather(all);
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBe(36);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
  expect(new Set(answers.map(codeOf))).toEqual(new Set(["too-many-uploads"]));
  const taken = await holdBack(Buffer.from("FROM busybox"), { person: classmate, ...dockerfile }).refused;
  expect(taken.status).toBe(201);

  await expect.poll(() => answers.length, { timeout: 45_000 }).toBe(40);
  // Two of the four may be under way at once; the others find them there, or gone already.
  const late = answers.slice(36).map(codeOf);
  expect(late.slice().sort().at(-1)).toBe("upload-too-slow");
  expect(["upload-too-slow", "too-many-uploads"]).toEqual(expect.arrayContaining(late));
  const own = await holdBack(Buffer.from("FROM busybox"), { person: holder, ...dockerfile }).refused;
  expect(own.status).toBe(201);
}, 90_000);

test("an upload sent again while its tries are under way, each on a broken line, is taken at once and at its own time", async () => {
  const again = await addPerson(web, "Rae Repeater", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
  const bytes = randomBytes(5 * mib);
  const headers = { "idempotency-key": "key-1" };
  const broken = [1, 2].map(() => holdBack(bytes, { person: again, name: "Dockerfile", headers }));
  await expect.poll(arrivingBytes, { timeout: 30_000 }).toBeGreaterThan(9 * mib);
  const taken = holdBack(bytes, { ...{ person: again, name: "Dockerfile", headers, whole: true } });
  const answer = await taken.refused;
  expect([answer.status, answer.body]).toEqual([201, expect.any(String)]);
  const { firstByteAt, lastByteAt } = decodeJwt(JSON.parse(answer.body).receipt.jws);
  expect(Date.parse(String(lastByteAt)) - Date.parse(String(firstByteAt))).toBeLessThan(20_000);
  const first = await Promise.race(broken.map(({ refused }) => refused));
  expect([first.status, JSON.parse(first.body).error.code]).toEqual([400, "upload-cut-off"]);
  expect(first.body).toContain("sent again");
  expect(await web.database.db.submission.count({ where: { userId: again.userId } })).toBe(1);
  for (const { sending } of broken) sending.destroy();
});
