import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findHandedIn } from "#app/_server/queries/submission/handed-in.ts";
import { listHistory } from "#app/_server/queries/submission/history.ts";
import type { Services } from "#app/_server/services.ts";
import { changeOwnTeam, fixTeam } from "#course/teams/change-teams.ts";
import type { StaffAct } from "#course/teams/staff-acts.ts";
import type { StudentAct } from "#course/teams/student-acts.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { createDb, type Db } from "#infra/db/connection/client.ts";
import { createTeamStore } from "#infra/db/course/team-store.ts";
import { readOpenRuns } from "#infra/db/runs/open-runs.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse, seedUser } from "#tests/support/seed.ts";
import {
  filesOf,
  type SubmitFixture,
  startSubmitFixture,
  submitInput,
  zipOf,
} from "#tests/support/submit.ts";

const now = new Date("2024-11-14T20:00:00Z");

let database: TestDatabase;
let course: SeededCourse;
let fixture: SubmitFixture;
let zip: Buffer;
let ann: string;
let ben: string;
let cho: string;

beforeAll(async () => {
  database = await startTestDatabase();
  fixture = await startSubmitFixture(database, now);
  zip = await zipOf({ Dockerfile: "FROM busybox\n" });
});
afterAll(async () => {
  await fixture?.close();
  await database?.close();
});

let courses = 0;
/** Every test has a course of its own, with three students of one section. */
beforeEach(async () => {
  courses += 1;
  course = await seedCourse(database.db, { courseSlug: `course-${courses}` });
  await setTeam({ teamMin: 1, teamMax: 2 });
  const { courseId, courseSlug, sectionIds } = course;
  const student = (name: string) =>
    seedUser(database.db, {
      ...{ name, courseId, courseSlug, role: "student", sectionId: sectionIds.graduate },
    });
  [ann, ben, cho] = [await student("Ann Lee"), await student("Ben Ode"), await student("Cho Min")];
});

const setTeam = (data: { teamMin: number; teamMax: number }) =>
  database.db.assignment.update({ where: { id: course.assignmentId }, data });
let ticks = 0;
/** Each change a moment after the one before. */
const tick = () => {
  ticks += 1;
  return new Date(now.getTime() + ticks);
};
const act = (by: string, what: StudentAct, db: Db = database.db) =>
  changeOwnTeam({ store: createTeamStore(db, tick) }, { assignmentId: course.assignmentId, by, act: what });
const fix = (what: StaffAct, reason = "They asked.") =>
  fixTeam(
    { store: createTeamStore(database.db, () => now) },
    { assignmentId: course.assignmentId, by: course.taId, act: what, reason },
  );
const invited = async (by: string, userId: string) => {
  expect(await act(by, { type: "invite", userId })).toEqual({ outcome: "done" });
  return database.db.teamInvitation.findFirstOrThrow({
    where: { userId, end: null },
    orderBy: { id: "desc" },
  });
};
const accept = (userId: string, { id }: { id: string }, db?: Db) =>
  act(userId, { type: "accept", invitationId: id }, db);
async function team(): Promise<string> {
  const invitation = await invited(ann, ben);
  expect(await accept(ben, invitation)).toEqual({ outcome: "done" });
  return invitation.teamId;
}
const members = async () => {
  const rows = await database.db.teamMember.findMany({ where: { assignmentId: course.assignmentId } });
  return rows.map(({ userId }) => userId).sort();
};
const upload = (userId: string, receivedAt = now) =>
  submitWork(
    fixture.ports,
    submitInput({
      ...{ userId, exerciseId: course.exerciseId, receivedAt },
      files: filesOf({ name: "work.zip", bytes: zip }),
    }),
  );
const services = () => ({ db: database.db, clock: () => now }) as unknown as Services;
/** Number, whether it counts, and who else sent it, newest first. */
const seenBy = async (userId: string) =>
  (await listHistory(services(), course.courseId, userId)).submissions.map(
    ({ number, counts, sentBy }) => `${number}${counts ? " counts" : ""}${sentBy ? ` by ${sentBy}` : ""}`,
  );

describe("a team on a real database", () => {
  it("is founded, joined, and refused by sentences that name whom", async () => {
    const invitation = await invited(ann, ben);
    expect(await act(ann, { type: "invite", userId: ben })).toEqual({
      ...{ outcome: "refused", code: "invited-already", about: ben },
      message: "Ben Ode is invited to your team already: wait for the answer, or withdraw the invitation.",
    });
    expect(await act(ann, { type: "withdraw", invitationId: invitation.id })).toEqual({ outcome: "done" });
    expect(await accept(ben, invitation)).toMatchObject({ code: "invitation-over" });
    await team();
    expect(await members()).toEqual([ann, ben].sort());
    expect(await act(cho, { type: "invite", userId: ben })).toMatchObject({ code: "in-another-team" });
    expect(await act(cho, { type: "invite", userId: course.otherStudentId })).toMatchObject({
      code: "other-section",
    });
    expect(await act(cho, { type: "invite", userId: course.taId })).toMatchObject({ code: "not-a-student" });
    await database.db.enrollment.deleteMany({ where: { userId: course.studentId } });
    expect(await act(cho, { type: "invite", userId: course.studentId })).toMatchObject({
      code: "not-in-course",
    });
  });

  it("gives its last place to one of two who accept at the same instant, on two connections", async () => {
    const forBen = await invited(ann, ben);
    const forCho = await invited(ann, cho);
    const other = createDb(database.url);
    try {
      const outcomes = await Promise.all([accept(ben, forBen), accept(cho, forCho, other)]);
      expect(outcomes.map((one) => (one.outcome === "done" ? "done" : one.code)).sort()).toEqual([
        "done",
        "team-full",
      ]);
      expect(await members()).toHaveLength(2);
    } finally {
      await other.$disconnect();
    }
  });

  it("is not joined by one student twice at the same instant, by whichever invitation", async () => {
    const byAnn = await invited(ann, cho);
    const byBen = await invited(ben, cho);
    const outcomes = await Promise.all([accept(cho, byAnn), accept(cho, byBen)]);
    expect(outcomes.filter(({ outcome }) => outcome === "done")).toHaveLength(1);
    expect((await members()).filter((userId) => userId === cho)).toHaveLength(1);
  });

  it("is put right by staff with a reason, which the audit keeps with who was in it before and after", async () => {
    const teamId = await team();
    expect(await fix({ type: "remove", userId: ben, teamId }, " ")).toMatchObject({ outcome: "no-reason" });
    expect(await fix({ type: "remove", userId: ben, teamId })).toEqual({ outcome: "done" });
    expect(await fix({ type: "add", userId: cho, teamId })).toEqual({ outcome: "done" });
    expect(await fix({ type: "add", userId: ben, teamId })).toMatchObject({ code: "team-full" });
    expect(await members()).toEqual([ann, cho].sort());
    const entries = await database.db.auditEntry.findMany({
      where: { subject: `assignment:${course.assignmentId}` },
      orderBy: { id: "asc" },
    });
    expect(entries.map(({ action }) => action).sort()).toEqual(["team.member-added", "team.member-removed"]);
    expect(entries.find(({ action }) => action === "team.member-removed")).toMatchObject({
      ...{ userId: course.taId, reason: "They asked." },
      before: { team: teamId, student: ben, members: "Ann Lee, Ben Ode", locked: "no" },
      after: { team: teamId, student: ben, members: "Ann Lee", locked: "no" },
    });
  });
});

describe("what a team hands in", () => {
  it("is seen by and counts for every member, in one row of numbers, and locks the team", async () => {
    const teamId = await team();
    const outcomes = await Promise.all([upload(ann), upload(ben)]);
    expect(outcomes.map((one) => (one.outcome === "accepted" ? one.number : one)).sort()).toEqual([1, 2]);
    const last = await database.db.submission.findFirstOrThrow({ where: { teamId, number: 2 } });
    const [sender, other] = last.userId === ann ? [ann, ben] : [ben, ann];
    expect(await seenBy(sender)).toEqual(["2 counts", expect.stringMatching(/^1 by /)]);
    expect(await seenBy(other)).toEqual([expect.stringMatching(/^2 counts by /), "1"]);
    expect(await seenBy(cho)).toEqual([]);
    expect(await act(ann, { type: "leave" })).toMatchObject({ code: "locked" });
    const runs = (await readOpenRuns(database.db, now)).filter((run) => run.exercise === course.exerciseId);
    // The fleet takes the two for one holder, whose newest is the second.
    expect(runs.map(({ team: of, newest }) => [of, newest])).toEqual([
      [teamId, 2],
      [teamId, 2],
    ]);
  });

  it("is only the sender's for who left before it was locked, and for who left once staff unlocked it", async () => {
    const teamId = await team();
    expect(await act(ben, { type: "leave" })).toEqual({ outcome: "done" });
    expect((await upload(ann)).outcome).toBe("accepted");
    expect(await seenBy(ben)).toEqual([]);
    expect(await fix({ type: "add", userId: ben, teamId })).toEqual({ outcome: "done" });
    expect(await seenBy(ben)).toEqual(["1 counts by Ann Lee"]);
    expect((await upload(ben)).outcome).toBe("accepted");
    expect(await fix({ type: "unlock", teamId })).toEqual({ outcome: "done" });
    expect(await act(ann, { type: "leave" })).toEqual({ outcome: "done" });
    expect(await seenBy(ann)).toEqual(["1 counts"]);
    expect(await seenBy(ben)).toEqual(["2 counts", "1 by Ann Lee"]);
    // Of the team's she may look at her own alone, also to compare.
    const own = await database.db.submission.findFirstOrThrow({ where: { teamId, userId: ann } });
    const subject = {
      ...{ courseId: course.courseId, submissionId: own.id, ownerId: ann },
      memberIds: [ben],
    };
    const attempts = async (userId: string) =>
      (await findHandedIn(services(), { userId }, subject)).attempts.map(({ number }) => number);
    expect(await attempts(ann)).toEqual([1]);
    expect(await attempts(ben)).toEqual([2, 1]);
  });

  it("counts for each by their own deadline: an extension is its holder's only", async () => {
    await team();
    await database.db.extension.create({
      data: {
        ...{ id: `ext_${courses}`, assignmentId: course.assignmentId, userId: ann, reason: "Ill." },
        ...{ dueAt: new Date("2024-11-20T12:00:00Z"), grantedById: course.instructorId },
      },
    });
    expect((await upload(ben)).outcome).toBe("accepted");
    const afterDue = new Date("2024-11-16T12:00:00Z");
    fixture.setNow(afterDue);
    expect(await upload(ben, afterDue)).toMatchObject({ code: "deadline-passed" });
    expect((await upload(ann, afterDue)).outcome).toBe("accepted");
    fixture.setNow(now);
    expect(await seenBy(ann)).toEqual(["2 counts", "1 by Ben Ode"]);
    expect(await seenBy(ben)).toEqual(["2 by Ann Lee", "1 counts"]);
  });

  it("is refused while it has fewer than it must, and somebody who handed in alone is put into it by staff only", async () => {
    await setTeam({ teamMin: 2, teamMax: 2 });
    const refusal = await upload(ann);
    expect(refusal).toMatchObject({ outcome: "refused", code: "team-too-small" });
    await setTeam({ teamMin: 1, teamMax: 2 });
    expect((await upload(ann)).outcome).toBe("accepted");
    expect(await act(ben, { type: "invite", userId: ann })).toMatchObject({ code: "handed-in-alone" });
    await fix({ type: "add", userId: ben, teamId: null });
    const { teamId } = await database.db.teamMember.findFirstOrThrow({ where: { userId: ben } });
    expect(await fix({ type: "add", userId: ann, teamId })).toEqual({ outcome: "done" });
    // What she handed in alone stays hers, and what comes next counts for both.
    expect(await seenBy(ben)).toEqual([]);
    expect((await upload(ben)).outcome).toBe("accepted");
    expect(await seenBy(ben)).toEqual(["2 counts"]);
    expect(await seenBy(ann)).toEqual(["2 counts by Ben Ode", "1"]);
  });

  it("waits in the queue within one bound for all of the team", async () => {
    const teamId = await team();
    for (let i = 0; i < 4; i += 1) {
      for (const userId of [ann, ben]) expect((await upload(userId)).outcome).toBe("accepted");
    }
    const waiting = await database.db.run.count({ where: { state: "queued", submission: { teamId } } });
    expect(waiting).toBe(5);
  });
});
