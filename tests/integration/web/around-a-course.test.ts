import ICAL from "ical.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#course/ids.ts";
import { addPerson, addStudentAndTa, call, type Person } from "#tests/e2e/support/people.ts";
import { sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";

let web: TestWeb;
let course: SeededCourse;
let people: Record<"student" | "ta" | "outsider", Person>;

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

beforeAll(async () => {
  web = await startWeb();
  const { db } = web.database;
  course = await seedCourse(db, { dueAt: inDays(3) });
  const { courseId, courseSlug } = course;
  people = {
    ...(await addStudentAndTa(web, courseSlug, { student: "Stan Student", ta: "Tia Ta" })),
    outsider: await addPerson(web, "Olaf Outside", []),
  };
  await db.formerSlug.create({ data: { courseId, slug: "docker-lab", assignmentId: course.assignmentId } });
  await db.assignment.create({
    data: {
      ...{ id: newId("asg", new Date()), courseId, slug: "tutorial-8", title: "Tutorial 8: Docker, later" },
      ...{ kind: "tutorial", points: 20, position: 8, dueZone: "AoE", latePolicy: { kind: "none" } },
      ...{ releasedAt: inDays(2), dueAt: inDays(5) },
    },
  });
  await db.classMeeting.create({
    data: {
      ...{ id: newId("cls", new Date()), courseId, number: 17, kind: "lecture", title: "Docker and more" },
      ...{ place: "CP 106", objectives: ["Questions", "Containers"], slides: "https://example.edu/17" },
      ...{ startsAt: inDays(1), endsAt: inDays(1.1) },
    },
  });
  for (const [slug, days] of [
    ["docker-today", -1],
    ["docker-tomorrow", 1],
  ] as const) {
    const text = {
      title: `News ${slug}`,
      body: 'Read <img src=x onerror="alert(1)"> [this](javascript:alert(1)).',
    };
    await db.announcement.create({
      data: { id: newId("ann", new Date()), courseId, slug, ...text, publishAt: inDays(days) },
    });
  }
}, 15 * 60_000);
afterAll(() => web?.stop());

const get = (person: Person | null, path: string, cookie = "") =>
  call(web, null, path, {
    redirect: "manual",
    headers: { accept: "text/html", ...(person ? { cookie: `${person.cookie}${cookie}` } : {}) },
  });
const at = (rest = "") => `/courses/${course.courseSlug}${rest}`;
const textOf = async (person: Person, path: string, cookie = "") =>
  (await (await get(person, path, cookie)).text()).replaceAll("<!-- -->", "");

describe("an address from before", () => {
  test.each([
    ["/staff/C/submissions?state=queued", "/courses/C/submissions/all?state=queued"],
    ["/staff/C/fleet", "/courses/C/fleet"],
    ["/staff/C/machines", "/courses/C/fleet/images"],
    ["/staff/C/tutorial-7", "/courses/C/assignments/tutorial-7/deadlines"],
    ["/staff/runs/run_1", "/runs/run_1/staff"],
    ["/courses/C/tutorial-7", "/courses/C/assignments/tutorial-7"],
    ["/courses/C/tutorial-7/docker-containers", "/courses/C/assignments/tutorial-7/docker-containers"],
    ["/courses/C/docker-lab", "/courses/C/assignments/tutorial-7"],
    ["/courses/C/assignments/docker-lab", "/courses/C/assignments/tutorial-7"],
    [
      "/courses/C/assignments/docker-lab/docker-containers",
      "/courses/C/assignments/tutorial-7/docker-containers",
    ],
  ])("%s leads to %s", async (before, now) => {
    const own = (path: string) => path.replace("C", course.courseSlug);
    const answer = await get(people.ta, own(before));
    expect(answer.status).toBe(308);
    const to = new URL(answer.headers.get("location") ?? "", web.baseUrl);
    expect(to.pathname + to.search).toBe(own(now));
  });

  test("tells nothing to who is not in the course, and sends nobody on to what never was", async () => {
    expect((await get(people.outsider, at("/docker-lab"))).status).toBe(404);
    expect((await get(people.outsider, at("/assignments/docker-lab"))).status).toBe(404);
    expect((await get(people.student, at("/never-was"))).status).toBe(404);
    expect((await get(people.student, at("/assignments/never-was"))).status).toBe(404);
  });
});

describe("staff who see as a student does", () => {
  const asStudent = "; drydock-view=student";

  test("are a student on every page, are told so, and are staff again at once", async () => {
    expect((await get(people.ta, at("/submissions/all"))).status).toBe(200);
    expect((await get(people.ta, at("/submissions/all"), asStudent)).status).toBe(404);
    const page = await textOf(people.ta, at("/announcements"), asStudent);
    expect(page).toContain("You see your courses as a student does.");
    expect(page).not.toContain("docker-tomorrow");
    expect(await textOf(people.ta, at("/announcements"))).toContain("docker-tomorrow");
  });

  test("switch by a form that keeps them in their course", async () => {
    const post = (as: string) =>
      call(web, null, `/api/view?as=${as}`, {
        method: "POST",
        redirect: "manual",
        headers: {
          ...{ accept: "text/html", origin: web.baseUrl, cookie: people.ta.cookie },
          referer: `${web.baseUrl}${at("/submissions/all")}`,
        },
      });
    const on = await post("student");
    expect([on.status, on.headers.get("location")]).toEqual([303, at()]);
    expect(on.headers.get("set-cookie")).toMatch(/^drydock-view=student; Path=\/; HttpOnly; SameSite=Lax/);
    expect((await post("staff")).headers.get("set-cookie")).toMatch(/^drydock-view=; Max-Age=0/);
    expect((await post("root")).status).toBe(400);
  });

  test("and a student's cookie makes nobody more", async () => {
    const page = await textOf(people.student, at(), "; drydock-view=staff");
    expect(page).not.toContain("All submissions");
  });
});

describe("search", () => {
  test("finds for a student what a student may see", async () => {
    const page = await textOf(people.student, at("/search?q=docker"));
    for (const found of ["Tutorial 7: Docker containers", "Docker and more", "News docker-today"]) {
      expect(page).toContain(found);
    }
    expect(page).not.toContain("Docker, later");
    expect(page).not.toContain("docker-tomorrow");
    expect(await textOf(people.student, at("/search?q=Tia"))).toContain("Nothing of this course is called");
  });

  test("finds for staff also people and what is not out yet", async () => {
    expect(await textOf(people.ta, at("/search?q=docker"))).toContain("Docker, later");
    const page = await textOf(people.ta, at("/search?q=stan+stud"));
    expect(page).toContain("Stan Student");
    expect(page).toContain(encodeURIComponent(people.student.email));
  });

  test("takes any text as a text", async () => {
    for (const query of ["%", "_", "'", "a".repeat(300), "\u0000", "run_1"]) {
      const answer = await get(people.ta, at(`/search?q=${encodeURIComponent(query)}`));
      expect(answer.status, query).toBe(200);
    }
  });
});

describe("the schedule and the assignments", () => {
  test("show a class with its objectives, and announce what is not open yet without a way in", async () => {
    const schedule = await textOf(people.student, at("/schedule"));
    for (const shown of [
      "Class 17: Docker and more",
      "CP 106",
      "Containers",
      'href="https://example.edu/17"',
    ]) {
      expect(schedule).toContain(shown);
    }
    const list = await textOf(people.student, at("/assignments"));
    expect(list).toContain("Docker, later");
    expect(list).toContain("not open yet");
    expect(list).not.toContain(`href="${at("/assignments/tutorial-8")}"`);
    expect(await textOf(people.ta, at("/assignments"))).toContain(`href="${at("/assignments/tutorial-8")}"`);
  });

  test("an announcement's text is Markdown without pictures, scripts or addresses that a browser would run", async () => {
    const page = await textOf(people.student, at("/announcements"));
    const [, article = ""] = /<article id="docker-today"[^>]*>(.*?)<\/article>/s.exec(page) ?? [];
    expect(article).toContain("this");
    expect(article).not.toMatch(/<img|onerror|javascript:/);
  });
});

describe("a calendar of one's own", () => {
  const press = (button: "renew" | "end") =>
    sendPlainForm(web, people.student, { page: at("/calendar"), field: button, typed: {} });
  const address = async () =>
    /\/api\/calendar\/[\w.-]+/.exec(await textOf(people.student, at("/calendar")))?.[0] ?? null;
  const read = (path: string | null) => get(null, path ?? "/api/calendar/none");

  test("is read by whoever has its address, and has the deadline of its owner, to the second", async () => {
    const { db } = web.database;
    const { assignmentId } = course;
    expect(await address()).toBeNull();
    expect((await press("renew")).status).toBe(303);
    const answer = await read(await address());
    expect(answer.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    const { dueAt } = await db.assignment.findUniqueOrThrow({ where: { id: assignmentId } });
    const before = await answer.text();
    expect(dueIn(before, "tutorial-7")).toEqual(toSecond(dueAt));
    expect(before).toContain("UID:class-17@");
    // What is not released is announced as on the schedule, and no more.
    expect(dueIn(before, "tutorial-8")).not.toBeNull();

    const later = inDays(4);
    await db.extension.create({
      data: {
        ...{ id: newId("ext", new Date()), assignmentId, userId: people.student.userId, dueAt: later },
        ...{ reason: "Ill.", grantedById: people.ta.userId },
      },
    });
    expect(dueIn(await (await read(await address())).text(), "tutorial-7")).toEqual(toSecond(later));
  });

  test("is at another address once one was asked for, and at none once it was ended", async () => {
    const first = await address();
    await press("renew");
    const second = await address();
    expect(second).not.toBe(first);
    expect((await read(first)).status).toBe(404);
    expect((await read(second)).status).toBe(200);
    await press("end");
    expect((await read(second)).status).toBe(404);
    expect(await address()).toBeNull();
  });

  test("ends with its owner's part in the course", async () => {
    const { db } = web.database;
    await press("renew");
    const own = await address();
    const where = { courseId: course.courseId, userId: people.student.userId };
    const enrollment = await db.enrollment.findFirstOrThrow({ where });
    await db.enrollment.delete({ where: { id: enrollment.id } });
    expect((await read(own)).status).toBe(404);
    await db.enrollment.create({ data: enrollment });
    expect((await read(own)).status).toBe(200);
  });
});

/** When an assignment is due by a calendar's file; null: it is not in it. */
function dueIn(calendar: string, assignment: string): Date | null {
  const events = new ICAL.Component(ICAL.parse(calendar)).getAllSubcomponents("vevent");
  const own = events
    .map((one) => new ICAL.Event(one))
    .find(({ uid }) => uid.startsWith(`due-${assignment}@`));
  return own?.startDate.toJSDate() ?? null;
}

const toSecond = (at: Date | null) => new Date(Math.floor((at?.getTime() ?? Number.NaN) / 1000) * 1000);

describe("where a class is", () => {
  test("is marked by staff on its day, shown to everybody, and taken away again", async () => {
    const { db } = web.database;
    await db.classMeeting.create({
      data: {
        ...{ id: newId("cls", new Date()), courseId: course.courseId, number: 16, kind: "lecture" },
        ...{ title: "Today", place: "CP 106", objectives: ["Questions of last time", "Queues"] },
        ...{ startsAt: inDays(-0.001), endsAt: inDays(0.001) },
      },
    });
    const press = (objective: string) =>
      sendPlainForm(web, people.ta, { page: at("/schedule"), field: "mark", typed: { objective } });
    const marked = async () =>
      /<li[^>]*aria-current="step"[^>]*><span>([^<]*)/.exec(
        await textOf(people.student, at("/schedule")),
      )?.[1];
    expect(await marked()).toBeUndefined();
    expect(await textOf(people.student, at("/schedule"))).not.toContain('name="mark"');
    await press("1");
    expect(await marked()).toBe("Queues");
    await press("7");
    expect(await marked()).toBe("Queues");
    await press("");
    expect(await marked()).toBeUndefined();
  });
});
