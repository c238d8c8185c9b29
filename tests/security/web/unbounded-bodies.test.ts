import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPerson, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type Entry, routes, type Scene } from "#tests/integration/web/permission-table.ts";
import { readEntries } from "#tests/integration/web/read-entries.ts";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { sendRaw } from "./send-raw.ts";

/** The one that takes large bodies, by rules of its own: see tests/security/uploads. */
const upload = "POST /api/submissions";
const writing = (entry: string) => !/^(GET|HEAD|OPTIONS) /.test(entry);

test("the body of every route handler that takes one is bounded by route() itself, but for the upload", async () => {
  const { bodies } = await readEntries();
  const found = [...bodies].filter(([entry]) => writing(entry));
  expect(found.length).toBeGreaterThan(2);
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(found.map(([entry]) => [entry, entry === upload ? "stream" : "bounded"])),
  );
});

describe("over HTTP", () => {
  let web: TestWeb;
  let course: SeededCourse;
  let staff: Person;
  let student: Person;
  let scene: Scene;
  const chunk = Buffer.alloc(256 * 1024, "a");

  beforeAll(async () => {
    web = await startWeb();
    course = await seedCourse(web.database.db, { dueAt: null });
    const enroll = (name: string, role: "student" | "instructor", section: string | null) =>
      addPerson(web, name, [{ course: course.courseSlug, role, section }]);
    staff = await enroll("Ina Instructor", "instructor", null);
    student = await enroll("Stu Sender", "student", "TCSS 562");
    const { submissionId, runId } = await seedSubmission(web.database.db, course);
    scene = {
      ...{ course: course.courseSlug, submissionId, runId, queuedRunId: runId, notGradableRunId: runId },
      archive: new Uint8Array(),
    };
  });
  afterAll(() => web?.stop());

  const json = { "content-type": "application/json" };
  const bearer = (person: Person) => ({ authorization: `Bearer ${person.token}` });

  test.each(
    routes
      .filter((one) => writing(one.entry) && one.entry !== upload)
      .map((one): [string, Entry] => [one.entry, one]),
  )("1 MiB without a stated length to %s is answered 413 before all of it is read", async (_title, entry) => {
    const url = `${web.baseUrl}${entry.request(scene).path}`;
    const answer = await sendRaw(url, { headers: { ...json, ...bearer(staff) }, chunk, times: 4 });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "body-too-large" } });
  });

  test("a length that says it is too large is refused by its word", async () => {
    const headers = { ...json, origin: web.baseUrl, "content-length": String(2 * 1024 * 1024) };
    const answer = await sendRaw(`${web.baseUrl}/api/auth/sign-in/email`, { headers, chunk, times: 8 });
    expect(answer.status).toBe(413);
  });

  test.each<[string, string, () => Record<string, string>, Buffer, number]>([
    [
      "an endless password of nobody's",
      "/api/auth/sign-in/email",
      () => ({ ...json, origin: web.baseUrl }),
      Buffer.from('{"email":"a@b.cd","password":"'),
      413,
    ],
    [
      "an endless reason for a rerun",
      "/api/runs/RUN/rerun",
      () => ({ ...json, ...bearer(staff) }),
      Buffer.from('{"reason":"'),
      413,
    ],
    [
      "an upload with an endless part that is no file",
      "/api/submissions?exercise=EXERCISE",
      () => ({ "content-type": "multipart/form-data; boundary=x", ...bearer(student) }),
      Buffer.from('--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n'),
      413,
    ],
  ])("%s takes no memory and is answered at once", async (_what, path, headers, first, status) => {
    const url = `${web.baseUrl}${path.replace("RUN", scene.runId).replace("EXERCISE", `${scene.course}/tutorial-7/docker-containers`)}`;
    const before = await residentMiB(web.pid);
    const answer = await sendRaw(url, { headers: headers(), first, chunk, times: 1600 });
    expect(answer.status).toBe(status);
    expect(answer.sentBytes).toBeLessThan(100 * chunk.length);
    // 400 MiB were to be sent, and held twice.
    expect((await residentMiB(web.pid)) - before).toBeLessThan(150);
  });

  test("a form that is posted to a page is bounded too", async () => {
    const before = await residentMiB(web.pid);
    const headers = { "content-type": "multipart/form-data; boundary=x", origin: web.baseUrl };
    const first = Buffer.from('--x\r\nContent-Disposition: form-data; name="1_email"\r\n\r\n');
    const outcome = await sendRaw(`${web.baseUrl}/sign-in`, { headers, first, chunk, times: 1600 }).then(
      (answer) => answer.status,
      () => "cut off" as const,
    );
    expect(outcome).not.toBe(200);
    expect((await residentMiB(web.pid)) - before).toBeLessThan(150);
  });
});

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
