import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#course/ids.ts";
import { changeTalks } from "#course/presentations/change-talks.ts";
import { createTalkStore } from "#infra/db/course/talk-store.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";

let web: TestWeb;
let course: SeededCourse;
let people: Record<"ann" | "ben" | "cho" | "ta", Person>;
const ids = {
  assignment: newId("asg", new Date()),
  first: newId("cls", new Date()),
  second: newId("cls", new Date()),
};

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

beforeAll(async () => {
  web = await startWeb();
  const { db } = web.database;
  course = await seedCourse(db, { dueAt: inDays(3) });
  const { courseId, courseSlug } = course;
  const student = (name: string) =>
    addPerson(web, name, [{ course: courseSlug, role: "student", section: "TCSS 562" }]);
  people = {
    ...{ ann: await student("Ann Li"), ben: await student("Ben"), cho: await student("Cho") },
    ta: await addPerson(web, "Tia Ta", [{ course: courseSlug, role: "ta", section: null }]),
  };
  await db.user.update({ where: { id: people.ann.userId }, data: { name: "Ann Li 李安" } });
  await db.assignment.create({
    data: {
      ...{ id: ids.assignment, courseId, slug: "presentation", title: "Presentation", kind: "presentation" },
      ...{ points: 50, position: 20, dueZone: "AoE", latePolicy: { kind: "none" }, teamMin: 1, teamMax: 3 },
    },
  });
  for (const [number, id, places] of [
    [18, ids.first, 2],
    [19, ids.second, 1],
  ] as const) {
    await db.classMeeting.create({
      data: {
        ...{ id, courseId, number, kind: "presentations", title: `Presentations ${number}`, place: "CP 106" },
        ...{ objectives: [], startsAt: inDays(number), endsAt: inDays(number + 0.1) },
        ...{ talksStartAt: inDays(number), talkPlaces: places, talkMinutes: 20 },
      },
    });
  }
  for (const [position, title] of ["Serverless? RISC more!", "AWS Amplify"].entries()) {
    await db.paper.create({
      data: { id: `pap_${position}`, courseId, slug: `paper-${position}`, position, kind: "paper", title },
    });
  }
}, 15 * 60_000);
afterAll(() => web?.stop());

const at = (rest = "") => `/courses/${course.courseSlug}/presentations${rest}`;
const read = async (person: Person, path: string) =>
  (await (await call(web, null, path, { headers: { cookie: person.cookie } })).text()).replaceAll(
    "<!-- -->",
    "",
  );
const send = (person: Person, page: string, field: string, typed: Record<string, string>) =>
  sendPlainForm(web, person, { page, field, typed });
const propose = (person: Person, topic: string, title = "") =>
  send(person, at(), "summary", { topic, title, kind: "paper", link: "", summary: "About it." });
const talks = () => web.database.db.talk.findMany({ orderBy: { teamId: "asc" } });

describe("a presentation, from its proposal to a change of places, by plain forms", () => {
  test("is proposed, and a topic is one team's, however many propose it at once", async () => {
    const outcomes = await Promise.all([propose(people.ann, "pap_0"), propose(people.ben, "pap_0")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 303]);
    const refused = outcomes.find(({ status }) => status === 200);
    expect(await refused?.text()).toContain("Another team presents this already");
    expect(await talks()).toHaveLength(1);
    const other = outcomes[0]?.status === 303 ? people.ben : people.ann;
    const odd = `<script>alert(1)</script> ${"長".repeat(150)}`;
    expect((await propose(other, "", odd)).status).toBe(303);
    const page = await read(people.ta, at("/plan"));
    expect(page).toContain("Ann Li 李安");
    expect(page).not.toContain("<script>alert(1)");
  });

  test("is judged by staff with a word, and nobody else", async () => {
    const [first] = await talks();
    const team = first?.teamId ?? "";
    expect((await call(web, null, at("/plan"), { headers: { cookie: people.ann.cookie } })).status).toBe(404);
    expect((await send(people.ta, at("/plan"), "approve", { team })).status).toBe(303);
    expect((await talks())[0]?.state).toBe("approved");
    const audit = await web.database.db.auditEntry.findFirst({ where: { action: "talk.approve" } });
    expect(audit?.userId).toBe(people.ta.userId);
  });

  test("is planned by the solver, saved when it is pressed, and refused while it clashes", async () => {
    const proposed = await send(people.ta, at("/plan"), "plan", { plan: "propose" });
    const page = await proposed.text();
    expect(page).toContain("This is a proposal");
    expect((await talks()).every(({ classId }) => classId === null)).toBe(true);
    const fields = Object.fromEntries(
      (await talks()).map(({ teamId }) => [`place.${teamId}`, `${ids.first} 1`]),
    );
    const refused = await send(people.ta, at("/plan"), "plan", { plan: "save", ...fields });
    expect(await refused.text()).toContain("are both at");
    const [one, two] = await talks();
    const places = {
      [`place.${one?.teamId}`]: `${ids.first} 1`,
      [`place.${two?.teamId}`]: `${ids.second} 1`,
    };
    expect((await send(people.ta, at("/plan"), "plan", { plan: "save", ...places })).status).toBe(303);
    expect((await talks()).map(({ classId, position }) => `${classId} ${position}`)).toEqual([
      ...[`${ids.first} 1`, `${ids.second} 1`],
    ]);
  });

  test("is seen by everybody once the plan is published", async () => {
    expect(await read(people.cho, at())).toContain("Not planned yet.");
    expect((await send(people.ta, at("/plan"), "publish", {})).status).toBe(303);
    const page = await read(people.cho, at());
    expect(page).not.toContain("Not planned yet.");
    expect(page).toContain("Serverless? RISC more!");
    expect(await read(people.cho, at("/timer?class=18"))).toContain("20:00");
  });

  test("changes places with another when both teams want to", async () => {
    const [one, two] = await talks();
    const by = async (teamId = "") => {
      const member = await web.database.db.teamMember.findFirstOrThrow({ where: { teamId } });
      return member.userId === people.ann.userId ? people.ann : people.ben;
    };
    const [from, to] = [await by(one?.teamId), await by(two?.teamId)];
    expect((await send(from, at(), "team", { team: two?.teamId ?? "" })).status).toBe(303);
    expect(await read(to, at())).toContain("asks to have your place for theirs");
    expect((await send(to, at(), "accept", {})).status).toBe(303);
    expect((await talks()).map(({ classId }) => classId)).toEqual([ids.second, ids.first]);
  });
});

test("a member's first page and calendar have the talk at its time, and nobody else's", async () => {
  const { db } = web.database;
  const [one] = await talks();
  const at20 = await db.classMeeting.findUniqueOrThrow({ where: { id: one?.classId ?? "" } });
  const member = await db.teamMember.findFirstOrThrow({ where: { teamId: one?.teamId ?? "" } });
  const [own, other] =
    member.userId === people.ann.userId ? [people.ann, people.ben] : [people.ben, people.ann];
  expect(await read(own, "/")).toContain("Serverless? RISC more!");
  expect(await read(people.cho, "/")).not.toContain("Serverless? RISC more!");
  const calendarOf = async (person: Person) => {
    await send(person, `/courses/${course.courseSlug}/calendar`, "renew", {});
    const page = await read(person, `/courses/${course.courseSlug}/calendar`);
    const [address = ""] = /\/api\/calendar\/[\w.-]+/.exec(page) ?? [];
    return (await (await call(web, null, address)).text()).replaceAll("\r\n ", "");
  };
  const start = (at20.talksStartAt as Date).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const [, event = ""] = (await calendarOf(own)).split("UID:talk-own");
  expect(event).toContain(`DTSTART:${start}`);
  expect(await calendarOf(other)).not.toContain("Your presentation: Serverless");
});

test("a place is one talk's, though two of staff save at the same instant", async () => {
  const { db } = web.database;
  const [one, two] = await talks();
  const store = createTalkStore(db, () => new Date());
  const save = (first: string, second: string) =>
    changeTalks(
      { store },
      {
        ...{ assignmentId: ids.assignment, by: people.ta.userId },
        act: {
          type: "plan",
          places: [
            { teamId: first, place: { day: ids.first, position: 1 } },
            { teamId: second, place: { day: ids.first, position: 2 } },
          ],
        },
      },
    );
  const [a, b] = [one?.teamId ?? "", two?.teamId ?? ""];
  const outcomes = await Promise.all([save(a, b), save(b, a), save(a, b), save(b, a)]);
  expect(outcomes).toEqual(Array(4).fill({ outcome: "done" }));
  expect(new Set((await talks()).map(({ classId, position }) => `${classId} ${position}`)).size).toBe(2);
});
