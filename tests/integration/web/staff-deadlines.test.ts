import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sayEnd } from "#course/deadlines/say-instant.ts";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { hiddenFields, postForm, sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";

let web: TestWeb;
let course: SeededCourse;
let student: Person;
let classmate: Person;
let outsider: Person;
let ta: Person;
let instructor: Person;
let archive: Uint8Array<ArrayBuffer>;
let page: string;

/** Over already, so that only an extension opens the exercise again. */
const ownDue = new Date(Math.floor(Date.now() / 1000) * 1000 - 3 * 86_400_000);

beforeAll(async () => {
  web = await startWeb();
  course = await seedCourse(web.database.db, { dueAt: ownDue });
  const other = await seedCourse(web.database.db, { courseSlug: "other-course" });
  const enroll = (name: string, slug: string, role: "student" | "ta" | "instructor") =>
    addPerson(web, name, [{ course: slug, role, section: role === "student" ? "TCSS 562" : null }]);
  student = await enroll("Sara Student", course.courseSlug, "student");
  classmate = await enroll("Carl Classmate", course.courseSlug, "student");
  outsider = await enroll("Otto Outsider", other.courseSlug, "instructor");
  ta = await enroll("Tara Ta", course.courseSlug, "ta");
  instructor = await enroll("Ina Instructor", course.courseSlug, "instructor");
  archive = new Uint8Array(await zipOf({ Dockerfile: "FROM debian\n" }));
  page = `/courses/${course.courseSlug}/assignments/tutorial-7/deadlines`;
});
afterAll(() => web?.stop());

beforeEach(async () => {
  await web.database.db.extension.deleteMany();
  await web.database.db.assignment.update({
    where: { id: course.assignmentId },
    data: { staffGraceSeconds: null },
  });
});

/** The form's fields of an instant in UTC. */
function typedAs(instant: Date): { date: string; time: string; zone: string } {
  const iso = instant.toISOString();
  return { date: iso.slice(0, 10), time: iso.slice(11, 19), zone: "UTC" };
}
const inSeconds = (seconds: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + seconds * 1000);

const grant = (typed: Record<string, string>) =>
  sendPlainForm(web, instructor, {
    page,
    field: "date",
    typed: { student: student.email, reason: "ill", zone: "AoE", time: "", ...typed },
  });
const upload = (person: Person) =>
  call(
    web,
    person,
    `/api/submissions?exercise=${course.courseSlug}/tutorial-7/docker-containers&name=work.zip`,
    { method: "POST", body: archive },
  );
const read = async (person: Person, path: string) =>
  (await call(web, null, path, { headers: { cookie: person.cookie } })).text();
/** What a reader sees, without tags. */
const seen = async (person: Person, path: string) =>
  (await read(person, path))
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, "")
    .replaceAll(/<!--.*?-->/g, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");
const extensions = () => web.database.db.extension.findMany();
/** As pages say a deadline that ends no day: by the course's clock. */
const onPages = (dueAt: Date) => sayEnd(dueAt, "America/Los_Angeles", { now: new Date() });
/** As sentences of the API say it, to the second. */
const inSentences = (dueAt: Date) => sayEnd(dueAt, "AoE", { seconds: true });

describe("one deadline everywhere, to the second", () => {
  test("pages, API, receipt and refusal agree on the extension, and nobody else has it", async () => {
    const refusedBefore = await upload(student);
    expect(refusedBefore.status).toBe(409);
    expect((await refusedBefore.json()).error).toMatchObject({ code: "deadline-passed" });

    const dueAt = inSeconds(5 * 3600 + 17);
    const granted = await grant(typedAs(dueAt));
    expect(granted.status).toBe(303);
    expect((await extensions()).map((one) => one.dueAt)).toEqual([dueAt]);

    const tutorial = "/assignments/tutorial-7";
    for (const path of ["", "/assignments", tutorial, `${tutorial}/docker-containers`]) {
      const text = await read(student, `/courses/${course.courseSlug}${path}`);
      // A table says it by the instant that its cell has for programs.
      expect(text, path).toContain(path === "/assignments" ? dueAt.toISOString() : onPages(dueAt));
    }
    expect(await seen(student, `/courses/${course.courseSlug}/assignments/tutorial-7`)).toContain(
      "extended for you",
    );

    const taken = await upload(student);
    expect(taken.status).toBe(201);
    const { submission, receipt } = await taken.json();
    expect(receipt).toMatchObject({ dueAt: dueAt.toISOString(), late: false });
    const keys = await (await call(web, null, "/.well-known/jwks.json")).json();
    expect(await verifyReceipt(receipt.jws, keys)).toMatchObject({
      outcome: "valid",
      claims: { dueAt: dueAt.toISOString(), late: false },
    });
    const stored = await web.database.db.submission.findUniqueOrThrow({ where: { id: submission.id } });
    expect(stored).toMatchObject({ dueAt, late: false });

    const other = await upload(classmate);
    expect(other.status).toBe(409);
    expect((await other.json()).error.message).toContain(`until ${inSentences(ownDue)}`);
    expect(await seen(classmate, `/courses/${course.courseSlug}/assignments/tutorial-7`)).not.toContain(
      "extended",
    );
  });

  test("after an extension that is over the refusal names its very instant", async () => {
    const dueAt = inSeconds(-61);
    expect((await grant(typedAs(dueAt))).status).toBe(303);
    const answer = await upload(student);
    expect(answer.status).toBe(409);
    const { code, message } = (await answer.json()).error;
    expect(code).toBe("deadline-passed");
    expect(message).toContain(`took submissions until ${inSentences(dueAt)}`);
  });

  test("a grace that staff set opens the exercise for everybody, until the last second of it", async () => {
    const graceFor = (minutes: string, source?: string) =>
      sendPlainForm(web, instructor, {
        page,
        field: "grace",
        typed: { grace: minutes, reason: "The network was down.", ...(source ? { source } : {}) },
      });
    await web.database.db.assignment.update({
      where: { id: course.assignmentId },
      data: { dueAt: inSeconds(-3600) },
    });
    expect((await upload(classmate)).status).toBe(409);
    expect((await graceFor("120")).status).toBe(303);
    const taken = await upload(classmate);
    expect(taken.status).toBe(201);
    expect((await taken.json()).receipt).toMatchObject({ late: false });
    expect(await seen(classmate, `/courses/${course.courseSlug}/assignments/tutorial-7`)).toContain(
      "up to 2 h later",
    );
    const shown = await seen(instructor, page);
    expect(shown).toContain("2 h , as staff set it. course.yaml says no grace");
    expect((await graceFor("120", "file")).status).toBe(303);
    expect((await upload(classmate)).status).toBe(409);
    await web.database.db.assignment.update({
      where: { id: course.assignmentId },
      data: { dueAt: ownDue },
    });
  });
});

describe("work that was late when it was received", () => {
  test("counts as on time with a later extension, on every page and in the API, and its receipt stays", async () => {
    const { db } = web.database;
    const receivedAt = new Date(ownDue.getTime() + 60_000);
    await db.submission.create({
      data: {
        ...{ id: "sub_late", exerciseId: course.exerciseId, userId: student.userId, number: 90 },
        ...{ fileName: "work.zip", sha256: "a".repeat(64), bytes: 1, files: [], storageKey: "none" },
        ...{ receivedAt, dueAt: ownDue, late: true, receiptJws: "seeded" },
        runs: {
          create: { id: "run_late", exerciseVersionId: course.exerciseVersionId, queuedAt: receivedAt },
        },
      },
    });
    const lateness = async () => {
      const answer = await call(web, student, "/api/submissions/sub_late");
      const { submission, receipt } = await answer.json();
      expect(receipt.late).toBe(true);
      return submission.lateness;
    };
    const excused = "On time with the extension";
    expect(await lateness()).toMatchObject({ late: true, excusedBy: null });
    expect(await seen(student, "/submissions/sub_late")).not.toContain(excused);

    expect((await grant(typedAs(new Date(receivedAt.getTime() + 1000)))).status).toBe(303);
    expect(await lateness()).toEqual({
      ...{ late: false, lateWhenReceived: true, penaltyPercent: 0, excusedBy: "extension" },
    });
    for (const path of [
      "/submissions/sub_late",
      `/courses/${course.courseSlug}/submissions`,
      `/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`,
    ]) {
      expect(await seen(student, path), path).toContain(excused);
    }
    expect(await seen(ta, `/courses/${course.courseSlug}/submissions/all`)).toContain(excused);
  });
});

describe("the page of an assignment's deadlines", () => {
  test("says who has until when and why, who granted it, and keeps every change, newest first", async () => {
    await grant({ date: "2099-01-05", reason: "A hospital stay." });
    await grant({ date: "2099-01-06", reason: "It took longer." });
    const shown = await seen(ta, page);
    expect(shown).toContain("Sara Student");
    expect(shown).toContain("Tue, Jan 6, 2099, end of day (AoE)");
    expect(shown).toContain("Ina Instructor");
    expect(shown.indexOf("Extension replaced")).toBeGreaterThan(0);
    expect(shown.indexOf("Extension replaced")).toBeLessThan(shown.indexOf("A hospital stay."));
  });

  test("counts who has handed in and names who has not", async () => {
    const counted = await seedCourse(web.database.db, { courseSlug: "counted-course" });
    for (const number of [1, 2]) await seedSubmission(web.database.db, counted, { number });
    const reader = await addPerson(web, "Cora Counter", [
      { course: counted.courseSlug, role: "ta", section: null },
    ]);
    const shown = await seen(reader, `/courses/${counted.courseSlug}/assignments/tutorial-7/deadlines`);
    expect(shown).toContain("Handed in 1 student Not started 1 student Submissions 2");
    expect(shown).toMatch(/Who has not started Olga Other, TCSS 462/);
  });

  test("asks by name before an extension is ended, and then it is gone", async () => {
    await grant({ date: "2099-01-05" });
    const [extension] = await extensions();
    const asking = `${page}?end=${extension?.id}`;
    expect(await seen(instructor, asking)).toContain("End the extension of Sara Student?");
    const form = { page: asking, field: "extension" };
    const silent = await sendPlainForm(web, instructor, { ...form, typed: { reason: "" } });
    expect(silent.status).toBe(200);
    expect(await silent.text()).toContain("Say why");
    expect(await extensions()).toHaveLength(1);
    const ended = await sendPlainForm(web, instructor, { ...form, typed: { reason: "By mistake." } });
    expect(ended.status).toBe(303);
    expect(await seen(instructor, ended.headers.get("location") ?? "")).toContain(
      "The extension of Sara Student has ended",
    );
    expect(await extensions()).toEqual([]);
    expect((await upload(student)).status).toBe(409);
  });

  test("says what is wrong beside its field, and keeps what was typed", async () => {
    const answer = await grant({ student: "Nobody Known", reason: "A long story.", date: "2099-01-05" });
    expect(answer.status).toBe(200);
    const html = await answer.text();
    expect(html).toContain("Nobody in this course is called Nobody Known");
    expect(html).toContain('value="A long story."');
    expect(html).toContain('value="2099-01-05"');
    const empty = await (await grant({ student: "", date: "", reason: "" })).text();
    for (const problem of ["Choose the student by name", "Choose the new due date", "Say why"]) {
      expect(empty).toContain(problem);
    }
    const staff = await grant({ student: ta.email, date: "2099-01-05" });
    expect(await staff.text()).toContain("only students are given extensions");
    const skipped = await grant({ date: "2099-03-08", time: "02:30", zone: "America/Los_Angeles" });
    expect(await skipped.text()).toContain("does not exist in America/Los_Angeles");
    const early = await grant({ date: "2024-01-01" });
    expect(await early.text()).toContain("due date");
    expect(await extensions()).toEqual([]);
  });
});

describe("who may change a deadline", () => {
  test("a ta is shown no form, and the instructor's form sent by anybody else changes nothing", async () => {
    expect(await read(ta, page)).not.toContain('name="date"');
    await grant({ date: "2099-01-05" });
    const [extension] = await extensions();
    const forms = (await read(instructor, `${page}?end=${extension?.id}`)).matchAll(
      /<form\b[^>]*>.*?<\/form>/gs,
    );
    const typed = {
      ...{ date: "2099-02-01", time: "", zone: "AoE", reason: "mine", grace: "60" },
      ...{ releasedAtDate: "", releasedAtTime: "", dueAtDate: "2099-01-01", dueAtTime: "" },
      ...{ availableUntilDate: "", availableUntilTime: "" },
    };
    const sent = [...forms].map(([html]) => hiddenFields(html)).filter((fields) => "assignment" in fields);
    expect(sent).toHaveLength(4);
    const before = await web.database.db.auditEntry.count();
    for (const fields of sent) {
      for (const person of [null, student, classmate, outsider, ta]) {
        const answer = await postForm(web, person, page, { student: student.email, ...typed, ...fields });
        expect(answer.status).not.toBe(303);
      }
    }
    expect(await extensions()).toEqual([extension]);
    expect(await web.database.db.auditEntry.count()).toBe(before);
    const { staffGraceSeconds, dueAt } = await web.database.db.assignment.findUniqueOrThrow({
      where: { id: course.assignmentId },
    });
    expect({ staffGraceSeconds, dueAt }).toEqual({ staffGraceSeconds: null, dueAt: ownDue });
    // The very same requests work for an instructor: what refused them above is who asked.
    for (const fields of sent) {
      const answer = await postForm(web, instructor, page, { student: student.email, ...typed, ...fields });
      expect(answer.status).toBe(303);
    }
  });
});
