import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { hiddenFields, postForm, sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";

let web: TestWeb;
let course: SeededCourse;
let student: Person;
let ta: Person;
let instructor: Person;
let outsider: Person;
let base: string;

const dueAt = new Date("2099-01-16T12:00:00Z");

beforeAll(async () => {
  web = await startWeb();
  course = await seedCourse(web.database.db, { dueAt });
  const other = await seedCourse(web.database.db, { courseSlug: "other-course" });
  const enroll = (name: string, slug: string, role: "student" | "ta" | "instructor") =>
    addPerson(web, name, [{ course: slug, role, section: role === "student" ? "TCSS 562" : null }]);
  student = await enroll("Sara Student", course.courseSlug, "student");
  ta = await enroll("Tara Ta", course.courseSlug, "ta");
  instructor = await enroll("Ina Instructor", course.courseSlug, "instructor");
  outsider = await enroll("Otto Outsider", other.courseSlug, "instructor");
  base = `/courses/${course.courseSlug}`;
});
afterAll(() => web?.stop());

beforeEach(async () => {
  const { db } = web.database;
  await db.editConflict.deleteMany();
  await db.siteRemoval.deleteMany();
  await db.announcement.deleteMany();
  await db.officeHours.deleteMany();
  const dates = { releasedAt: null, dueAt, availableUntil: null };
  const fromFile = { releasedAt: null, dueAt: dueAt.toISOString(), availableUntil: null };
  await db.assignment.update({ where: { id: course.assignmentId }, data: { ...dates, fromFile } });
});

/** What a reader sees, without tags. */
async function seen(person: Person, path: string): Promise<string> {
  const answer = await call(web, null, path, { headers: { cookie: person.cookie } });
  return (await answer.text())
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, "")
    .replaceAll(/<!--.*?-->/g, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");
}
const send = (person: Person, page: string, field: string, typed: Record<string, string>) =>
  sendPlainForm(web, person, { page, field, typed });
const said = async (answer: Response) => {
  expect(answer.status).toBe(200);
  return (await answer.text()).replaceAll(/<!--.*?-->/g, "");
};
const announcements = () => web.database.db.announcement.findMany({ orderBy: { id: "asc" } });
const hours = () => web.database.db.officeHours.findMany({ orderBy: { position: "asc" } });

describe("dates of an assignment", () => {
  const page = () => `${base}/assignments/tutorial-7/deadlines`;
  const typed = {
    ...{ releasedAtDate: "", releasedAtTime: "", dueAtDate: "2099-01-20", dueAtTime: "" },
    ...{ availableUntilDate: "", availableUntilTime: "", zone: "AoE", reason: "A storm." },
  };

  test("are moved for everybody by an instructor, with the reason, and taken back to what the file says", async () => {
    expect((await send(instructor, page(), "dueAtDate", typed)).status).toBe(303);
    expect(await seen(student, `${base}/assignments/tutorial-7`)).toContain(
      "Tue, Jan 20, 2099, end of day (AoE)",
    );
    const shown = await seen(ta, page());
    for (const words of [
      "A storm.",
      "Dates changed by staff",
      "course.yaml says: Due Thu, Jan 15, 2099, end of day",
    ]) {
      expect(shown).toContain(words);
    }
    const back = await send(instructor, page(), "dueAtDate", {
      ...typed,
      take: "dueAt",
      reason: "It is over.",
    });
    expect(back.status).toBe(303);
    expect(await seen(student, `${base}/assignments/tutorial-7`)).toContain(
      "Thu, Jan 15, 2099, end of day (AoE)",
    );
    expect(await seen(ta, page())).not.toContain("course.yaml says: Due");
  });

  test("are refused beside the field that is wrong, and what was typed stays", async () => {
    const wrong = { ...typed, releasedAtDate: "2099-01-21", reason: "A long story." };
    const html = await said(await send(instructor, page(), "dueAtDate", wrong));
    expect(html).toContain("The release must lie before the due date");
    expect(html).toContain('value="2099-01-21"');
    expect(html).toContain('value="A long story."');
    const none = await said(
      await send(instructor, page(), "dueAtDate", { ...typed, dueAtDate: "2099-02-30", reason: "" }),
    );
    expect(none).toContain("2099-02-30 is not a date");
    expect(none).toContain("Say why");
    const row = await web.database.db.assignment.findUniqueOrThrow({ where: { id: course.assignmentId } });
    expect(row.dueAt).toEqual(dueAt);
  });
});

describe("announcements", () => {
  const write = (person: Person, typed: Record<string, string>) =>
    send(person, `${base}/announcements/new`, "body", {
      title: "Slides",
      body: "They are **up**.",
      date: "",
      time: "",
      ...typed,
    });

  test("are looked at first, then published, changed, removed and brought back by any of the staff", async () => {
    const preview = await said(await write(ta, { does: "preview" }));
    expect(preview).toContain("<strong>up</strong>");
    expect(await announcements()).toEqual([]);
    expect((await write(ta, {})).headers.get("location")).toContain("/announcements#slides");
    expect(await seen(student, `${base}/announcements`)).toContain("They are up .");

    const edit = `${base}/announcements/slides/edit`;
    const changed = { title: "Slides of class 17", body: "Here.", date: "", time: "" };
    expect((await send(instructor, edit, "body", changed)).status).toBe(303);
    expect(await seen(student, `${base}/announcements`)).toContain("Slides of class 17");

    expect(await seen(ta, `${edit}?remove=1`)).toContain("Remove “Slides of class 17”?");
    const [row] = await announcements();
    const removed = await send(ta, `${edit}?remove=1`, "slug", {});
    expect(removed.status).toBe(303);
    expect(await seen(student, `${base}/announcements`)).not.toContain("Slides of class 17");
    expect(await seen(ta, `${base}/announcements`)).toContain("Removed by staff: Slides of class 17");
    expect((await send(ta, edit, "slug", {})).status).toBe(303);
    expect(await announcements()).toEqual([row]);
  });

  test("of a hostile text are drawn without it, in the preview as on the page", async () => {
    const body = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1))\n\nfine";
    const preview = await said(await write(ta, { does: "preview", body }));
    const drawn = /aria-label="Preview">.*?<\/section>/s.exec(preview)?.[0] ?? "";
    expect(drawn).toContain("fine");
    expect(drawn).not.toMatch(/<script|<img|javascript:/);
  });

  test("are refused empty, too long, or at no time; and one that somebody changed meanwhile is not overwritten", async () => {
    const html = await said(await write(ta, { title: "", body: "x".repeat(20_001), date: "2099-02-30" }));
    for (const words of ["Write a title", "shorten it to 20000", "2099-02-30 is not a date"]) {
      expect(html).toContain(words);
    }
    await write(ta, {});
    const edit = `${base}/announcements/slides/edit`;
    const page = await (await call(web, null, edit, { headers: { cookie: ta.cookie } })).text();
    const form = [...page.matchAll(/<form\b[^>]*>.*?<\/form>/gs)].find(([one]) =>
      one.includes('name="body"'),
    );
    await web.database.db.announcement.updateMany({ data: { title: "Changed meanwhile" } });
    const stale = { ...hiddenFields(form?.[0] ?? ""), title: "Mine", body: "Mine.", date: "", time: "" };
    expect(await said(await postForm(web, ta, edit, stale))).toContain("Somebody changed this");
    expect(await announcements()).toMatchObject([{ title: "Changed meanwhile" }]);
  });
});

describe("office hours", () => {
  const page = () => `${base}/schedule/office-hours`;
  const typed = { weekday: "tuesday", from: "14:30", to: "15:30", place: "CP 229", link: "" };

  test("are added, changed, given exceptions, removed and brought back by any of the staff", async () => {
    expect((await send(ta, page(), "weekday", typed)).status).toBe(303);
    const change = `${page()}?change=tuesday`;
    // The form of those that are there comes before the one that adds.
    expect((await send(ta, change, "hours", { ...typed, place: "CP 301" })).status).toBe(303);
    expect(await seen(student, `${base}/schedule`)).toContain("Tuesday, 14:30 to 15:30 , CP 301");
    const exception = {
      date: "2099-01-06",
      note: "Conference",
      cancelled: "on",
      from: "",
      to: "",
      place: "",
    };
    expect((await send(ta, change, "note", exception)).status).toBe(303);
    expect(await seen(ta, change)).toContain("Tue, Jan 6, 2099: not held (Conference)");
    const wrong = await said(await send(ta, change, "note", { ...exception, date: "2099-01-07" }));
    expect(wrong).toContain("2099-01-07 is a Wednesday, and these are on Tuesday");
    const [row] = await hours();
    const actions = await formsOf(ta, change);
    const remove = actions.find((form) => form.includes("Remove Tuesday")) ?? "";
    expect((await postForm(web, ta, change, hiddenFields(remove))).status).toBe(303);
    expect(await hours()).toEqual([]);
    const back = (await formsOf(ta, page())).find((form) => form.includes("Bring them back")) ?? "";
    expect((await postForm(web, ta, page(), hiddenFields(back))).status).toBe(303);
    expect(await hours()).toEqual([row]);
  });

  test("are refused beside each field that is wrong", async () => {
    const html = await said(
      await send(ta, page(), "weekday", { ...typed, to: "14:00", place: "", link: "javascript:alert(1)" }),
    );
    for (const words of ["They would end before they start", "Write where", "This is no address"]) {
      expect(html).toContain(words);
    }
    expect(await hours()).toEqual([]);
  });
});

const formsOf = async (person: Person, page: string) => {
  const html = await (await call(web, null, page, { headers: { cookie: person.cookie } })).text();
  return [...html.matchAll(/<form\b[^>]*>.*?<\/form>/gs)].map(([one]) => one);
};

describe("conflicts", () => {
  const page = () => `${base}/conflicts`;
  const open = async (subject: string, field: string, sides: object) => {
    const found = { foundAt: dueAt, label: subject, courseId: course.courseId };
    await web.database.db.editConflict.create({
      data: { id: `cft_${field}`, subject, field, ...sides, ...found },
    });
  };

  test("are counted where staff look, shown side by side in words, and settled by a press", async () => {
    expect(await seen(ta, "/")).not.toContain("conflict");
    const days = ["2099-01-14T12:00:00.000Z", "2099-01-15T12:00:00.000Z", dueAt.toISOString()];
    const [baseValue, fileValue, siteValue] = days as [string, string, string];
    await web.database.db.assignment.update({
      where: { id: course.assignmentId },
      data: { fromFile: { releasedAt: null, dueAt: baseValue, availableUntil: null } },
    });
    await open(`assignment:${course.assignmentId}`, "dueAt", { baseValue, fileValue, siteValue });
    expect(await seen(ta, "/")).toContain("1 conflict of files and edits");
    expect(await seen(student, base)).not.toContain("Conflicts");
    const shown = await seen(ta, page());
    expect(shown).toMatch(
      /said before Due Tue, Jan 13, 2099.*says now Due Wed, Jan 14, 2099.*site says Due Thu, Jan 15, 2099/,
    );
    expect(shown).toContain("An instructor of the course chooses which date stands.");
    const settled = await send(instructor, page(), "conflict", { side: "file" });
    expect(settled.headers.get("location")).toContain("/conflicts?done=file");
    expect(await seen(student, `${base}/assignments/tutorial-7`)).toContain(
      "Wed, Jan 14, 2099, end of day (AoE)",
    );
    expect(await seen(instructor, page())).toContain("Files and site agree.");
  });

  test("are settled by nobody who may not: a ta of no date, a student and another course's staff of none", async () => {
    const { db } = web.database;
    const values = { title: "Slides", body: "Up.", pinned: false, publishAt: dueAt.toISOString() };
    await db.announcement.create({
      data: {
        id: "ann_1",
        slug: "slides",
        courseId: course.courseId,
        ...values,
        fromFile: { ...values, title: "Old" },
      },
    });
    await open(`assignment:${course.assignmentId}`, "dueAt", { fileValue: "2099-01-15T12:00:00.000Z" });
    await open("announcement:ann_1", "title", { baseValue: "Old", fileValue: "New", siteValue: "Slides" });
    const forms = (await formsOf(instructor, page())).filter((form) => form.includes('name="conflict"'));
    expect(forms).toHaveLength(2);
    for (const form of forms) {
      const fields = { ...hiddenFields(form), side: "file" };
      const ofDate = form.includes("cft_dueAt");
      for (const person of [null, student, outsider, ...(ofDate ? [ta] : [])]) {
        expect((await postForm(web, person, page(), fields)).status).not.toBe(303);
      }
    }
    expect(await db.editConflict.count({ where: { settledAt: null } })).toBe(2);
    const ofTitle = forms.find((form) => form.includes("cft_title")) ?? "";
    expect((await postForm(web, ta, page(), { ...hiddenFields(ofTitle), side: "file" })).status).toBe(303);
    expect(await announcements()).toMatchObject([{ title: "New" }]);
  });

  test("and edits of one course are not reached by the staff of another", async () => {
    await send(ta, `${base}/announcements/new`, "body", { title: "Slides", body: "Up.", date: "", time: "" });
    await send(ta, `${base}/schedule/office-hours`, "weekday", {
      ...{ weekday: "monday", from: "09:00", to: "10:00", place: "CP 1", link: "" },
    });
    const before = [await announcements(), await hours()];
    const edit = `${base}/announcements/slides/edit`;
    const change = `${base}/schedule/office-hours?change=monday`;
    const forms = [...(await formsOf(ta, `${edit}?remove=1`)), ...(await formsOf(ta, change))].filter(
      (form) => /name="(?:announcement|hours)"/.test(form),
    );
    expect(forms).toHaveLength(5);
    const typed = {
      ...{ title: "Stolen", body: "Stolen", date: "2099-01-05", time: "", weekday: "friday", from: "01:00" },
      ...{ to: "02:00", place: "Nowhere", link: "", note: "Stolen" },
    };
    for (const form of forms) {
      const fields = hiddenFields(form);
      // As their own course's page would send it, with the other's ids in it.
      await postForm(web, outsider, edit, { ...typed, ...fields, course: "other-course" });
      await postForm(web, outsider, edit, { ...typed, ...fields });
      await postForm(web, student, edit, { ...typed, ...fields });
    }
    expect([await announcements(), await hours()]).toEqual(before);
  });
});
