import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#course/ids.ts";
import { defaultReviewForm } from "#course/reviews/review-form.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";

let web: TestWeb;
let course: SeededCourse;
let reviewers: Person[];
let presenters: Person[];
let ta: Person;
const ids = { talks: newId("asg", new Date()), reviews: newId("asg", new Date()) };

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

beforeAll(async () => {
  web = await startWeb();
  const { db } = web.database;
  course = await seedCourse(db, { dueAt: inDays(3) });
  const { courseId, courseSlug } = course;
  const student = (name: string, section: string) =>
    addPerson(web, name, [{ course: courseSlug, role: "student", section }]);
  presenters = [
    await student("Pia", "TCSS 562"),
    await student("Paul", "TCSS 562"),
    await student("Pat", "TCSS 562"),
  ];
  reviewers = [await student("Rita", "TCSS 462"), await student("Rob", "TCSS 462")];
  ta = await addPerson(web, "Tia Ta", [{ course: courseSlug, role: "ta", section: null }]);
  // The other students of the seed write none.
  await db.enrollment.deleteMany({ where: { userId: { in: [course.studentId, course.otherStudentId] } } });
  const assignment = { courseId, points: 50, dueZone: "AoE", latePolicy: { kind: "none" } };
  await db.assignment.create({
    data: {
      ...{
        ...assignment,
        id: ids.talks,
        slug: "presentation",
        title: "Presentation",
        kind: "presentation",
        position: 20,
      },
      ...{ teamMin: 1, teamMax: 3 },
    },
  });
  await db.assignment.create({
    data: {
      ...{
        ...assignment,
        id: ids.reviews,
        slug: "peer-reviews",
        title: "Peer reviews",
        kind: "review",
        position: 21,
      },
      ...{ reviewsEach: 2, reviewSections: ["TCSS 462"], dueAt: inDays(5) },
    },
  });
  for (const [index, { userId }] of presenters.entries()) {
    const teamId = newId("tea", new Date());
    await db.team.create({
      data: {
        ...{ id: teamId, assignmentId: ids.talks, createdAt: new Date() },
        members: { create: [{ userId, joinedAt: new Date() }] },
      },
    });
    await db.talk.create({
      data: {
        ...{
          teamId,
          assignmentId: ids.talks,
          kind: "paper",
          title: `Talk ${index + 1}`,
          summary: "S.",
          state: "approved",
        },
        ...{ proposedAt: new Date(), wishes: { preferences: [], blackouts: [] } },
      },
    });
  }
}, 15 * 60_000);
afterAll(() => web?.stop());

const page = () => `/courses/${course.courseSlug}/reviews`;
const read = async (person: Person) =>
  (await (await call(web, null, page(), { headers: { cookie: person.cookie } })).text()).replaceAll(
    "<!-- -->",
    "",
  );
const press = (person: Person, field: string, typed: Record<string, string> = {}) =>
  sendPlainForm(web, person, { page: page(), field, typed });
const reviews = (where: object = {}) => web.database.db.review.findMany({ where, orderBy: { id: "asc" } });
const typed = (text: string) =>
  Object.fromEntries(
    defaultReviewForm.map(({ id, kind }) => [`answer.${id}`, kind === "scale" ? "4" : text]),
  );

describe("reviews of presentations", () => {
  test("are given out evenly, and giving them out again changes nothing", async () => {
    expect(await read(ta)).toContain("Not given out yet.");
    expect((await press(ta, "give")).status).toBe(303);
    const first = await reviews();
    expect(first).toHaveLength(4);
    const loads = new Map<string, number>();
    for (const { teamId } of first) loads.set(teamId, (loads.get(teamId) ?? 0) + 1);
    expect(Math.max(...loads.values())).toBeLessThanOrEqual(2);
    expect((await press(ta, "give")).status).toBe(303);
    expect((await reviews()).map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  });

  test("are written as a whole by whom they were given to, and nobody else", async () => {
    const [rita, rob] = reviewers as [Person, Person];
    const refused = await press(rita, "answer.content", { ...typed("Fine."), "answer.best": " " });
    expect(await refused.text()).toContain("needs at least a word");
    expect(await reviews({ submittedAt: { not: null } })).toEqual([]);
    expect((await press(rita, "answer.content", typed("<b>Rita liked it</b>"))).status).toBe(303);
    const [mine] = await reviews({ submittedAt: { not: null } });
    expect(mine?.reviewerId).toBe(rita.userId);
    // By the very id, of another's.
    const foreign = await press(rob, "answer.content", { ...typed("Not mine."), review: mine?.id ?? "" });
    expect(await foreign.text()).toContain("not yours to write");
    expect((await press(rob, "answer.content", typed("Rob liked it"))).status).toBe(303);
    expect(await reviews({ submittedAt: { not: null } })).toHaveLength(2);
  });

  test("reach the team without names once staff hand them on, but for what staff keep back", async () => {
    const written = await reviews({ submittedAt: { not: null } });
    const about = (teamId: string) => web.database.db.teamMember.findFirstOrThrow({ where: { teamId } });
    const [one] = written;
    const member = await about(one?.teamId ?? "");
    const presenter = presenters.find(({ userId }) => userId === member.userId) as Person;
    expect(await read(presenter)).not.toContain("About your presentation");
    expect((await press(ta, "release")).status).toBe(303);
    const shown = await read(presenter);
    expect(shown).toContain("About your presentation");
    expect(shown).toContain("liked it");
    expect(shown).not.toContain("<b>Rita");
    for (const name of ["Rita<", "Rob<", "By Rita", "By Rob"]) expect(shown).not.toContain(name);
    const [reviewer] = reviewers as [Person, Person];
    const late = await press(ta, "hold", { review: one?.id ?? "", how: "hold" });
    expect(late.status).toBe(303);
    expect(await read(presenter)).not.toContain(`liked it`);
    expect(await read(reviewer)).not.toContain("About your presentation");
  });

  test("that were handed on are not written anew", async () => {
    const [rita] = reviewers as [Person, Person];
    const [own] = await reviews({ reviewerId: rita.userId, submittedAt: null });
    const late = await press(rita, "answer.content", { ...typed("Too late."), review: own?.id ?? "" });
    expect(await late.text()).toContain("handed on to the teams already");
  });
});
