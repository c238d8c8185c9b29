import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { hiddenFields, sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";

let web: TestWeb;
let course: SeededCourse;
let ann: Person;
let ben: Person;
let cho: Person;
let outsider: Person;
let ta: Person;
let page: string;

beforeAll(async () => {
  web = await startWeb();
  course = await seedCourse(web.database.db, { dueAt: null });
  const other = await seedCourse(web.database.db, { courseSlug: "other-course" });
  await web.database.db.assignment.update({
    where: { id: course.assignmentId },
    data: { teamMin: 1, teamMax: 2 },
  });
  const enroll = (name: string, slug: string, role: "student" | "ta") =>
    addPerson(web, name, [{ course: slug, role, section: role === "student" ? "TCSS 562" : null }]);
  ann = await enroll("Ann Lee", course.courseSlug, "student");
  ben = await enroll("Ben Ode", course.courseSlug, "student");
  cho = await enroll("Cho Min", course.courseSlug, "student");
  outsider = await enroll("Otto Outsider", other.courseSlug, "student");
  ta = await enroll("Tara Ta", course.courseSlug, "ta");
  page = `/courses/${course.courseSlug}/assignments/tutorial-7`;
});
afterAll(() => web?.stop());

const asBrowser = (person: Person) => ({ cookie: person.cookie, accept: "text/html" });
const html = async (person: Person, path: string) =>
  (await call(web, null, path, { headers: asBrowser(person) })).text();
/** What a reader sees, without tags. */
const seen = async (person: Person, path: string) =>
  (await html(person, path))
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, "")
    .replaceAll(/<!--.*?-->/g, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");
const post = (person: Person, fields: Record<string, string>) =>
  call(web, null, `${page}/team`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { ...asBrowser(person), origin: web.baseUrl },
  });
/** Sends the page's own form of this act as a browser without JavaScript does, and gives what its next page says. */
async function act(person: Person, name: string, typed: Record<string, string> = {}, on = page) {
  const form = [...(await html(person, on)).matchAll(/<form\b[^>]*>.*?<\/form>/gs)].find(
    ([own]) => hiddenFields(own).act === name,
  );
  if (!form) throw new Error(`${on} has no form to ${name}.`);
  const answer = await post(person, { ...hiddenFields(form[0]), ...typed });
  expect(answer.status).toBe(303);
  return seen(person, answer.headers.get("location") ?? "");
}

describe("a team by plain forms", () => {
  test("is asked for by name or address, answered from the first page, and left by naming it", async () => {
    expect(await act(ann, "invite", { person: "Nobody Known" })).toContain("No student of this course has");
    expect(await act(ann, "invite", { person: ta.email })).toContain("Tara Ta is staff of this course");
    expect(await act(ann, "invite", { person: ann.email })).toContain("You are in your team already");
    expect(await act(ann, "invite", { person: " ben  ode " })).toContain("The invitation is made");
    expect(await seen(ben, "/")).toContain(
      "Ann Lee invited you to a team for Tutorial 7: Docker containers.",
    );
    expect(await seen(ben, `/courses/${course.courseSlug}`)).toContain("Ann Lee invited you to a team");
    expect(await act(ben, "accept")).toContain("You are in the team.");
    expect(await seen(ben, page)).toContain("Ann Lee Ben Ode (you)");
    expect(await seen(ben, "/")).not.toContain("invited you");
    expect(await act(cho, "invite", { person: ben.email })).toContain("Ben Ode is in another team");
    const left = await act(ann, "leave", {}, `${page}?leave=1`);
    expect(left).toContain("You have left the team.");
    expect(await act(ben, "invite", { person: "Ann Lee" })).toContain("The invitation is made");
    expect(await act(ann, "decline")).toContain("The invitation is declined.");
    await act(ben, "invite", { person: "Ann Lee" });
    await act(ann, "accept");
  });

  test("says of made-up addresses nothing but its own sentences", async () => {
    expect(await seen(ann, `${page}?team=Send+money&about=<b>x</b>`)).not.toContain("Send money");
    expect(await seen(ann, `${page}?team=in-another-team&about=${outsider.userId}`)).not.toContain("Otto");
  });

  test("is no form of anybody's who is not a student here, nor of another site's", async () => {
    expect(await html(ta, page)).not.toContain('name="person"');
    expect((await post(outsider, { act: "leave" })).status).toBe(404);
    const foreign = await call(web, null, `${page}/team`, {
      method: "POST",
      body: new URLSearchParams({ act: "leave" }),
      headers: { ...asBrowser(ann), origin: "https://elsewhere.example" },
    });
    expect(foreign.status).toBe(403);
    expect(await web.database.db.teamMember.count()).toBe(2);
  });
});

describe("what a team has handed in", () => {
  test("is open to its members, page, files and run, and to nobody who has left", async () => {
    const { db } = web.database;
    const { teamId } = await db.teamMember.findFirstOrThrow({ where: { userId: ann.userId } });
    const { submissionId, runId } = await seedSubmission(db, course, { userId: ann.userId, teamId });
    const paths = [
      `/api/submissions/${submissionId}`,
      `/api/submissions/${submissionId}/receipt`,
      `/api/runs/${runId}`,
      `/api/runs/${runId}/events/list`,
    ];
    const statuses = (person: Person) =>
      Promise.all(paths.map(async (path) => (await call(web, person, path)).status));
    expect(await statuses(ben)).toEqual([200, 200, 200, 200]);
    expect(await statuses(cho)).toEqual([404, 404, 404, 404]);
    expect(await seen(ben, `/submissions/${submissionId}`)).toContain("handed in by Ann Lee, with Ben Ode");
    expect(await seen(ben, `${page}/docker-containers`)).toContain("No. 1 by Ann Lee");

    const teams = `${page}/teams`;
    expect(await seen(ta, teams)).toContain("Ann Lee");
    const form = { page: `${teams}?remove=${ben.userId}&team=${teamId}`, field: "team" };
    const silent = await sendPlainForm(web, ta, { ...form, typed: { reason: "" } });
    expect(await silent.text()).toContain("Say why");
    const removed = await sendPlainForm(web, ta, { ...form, typed: { reason: "They asked." } });
    expect(removed.status).toBe(303);
    expect(await seen(ta, removed.headers.get("location") ?? "")).toContain("Ben Ode is in no team now.");
    expect(await statuses(ben)).toEqual([404, 404, 404, 404]);
    expect(await statuses(ann)).toEqual([200, 200, 200, 200]);
    expect(await seen(ta, `${page}/deadlines`)).toContain("Taken out of a team by staff");
    const added = await sendPlainForm(web, ta, {
      ...{ page: `${teams}?to=${teamId}`, field: "student" },
      typed: { student: "Ben Ode", team: teamId, reason: "They asked again." },
    });
    expect(added.status).toBe(303);
    expect(await statuses(ben)).toEqual([200, 200, 200, 200]);
  });
});
