import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endExtension } from "#course/deadlines/end-extension.ts";
import { type GrantExtension, grantExtension } from "#course/deadlines/grant-extension.ts";
import { setGrace } from "#course/deadlines/set-grace.ts";
import { createDeadlineStore } from "#infra/db/course/deadline-store.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";

const now = new Date("2024-11-14T20:00:00Z");

let database: TestDatabase;
let course: SeededCourse;

beforeEach(async () => {
  database = await startTestDatabase();
  course = await seedCourse(database.db);
});
afterEach(() => database.close());

const store = () => createDeadlineStore(database.db, () => now);
const grant = (change: Partial<GrantExtension> = {}) =>
  grantExtension(
    { store: store() },
    {
      ...{ assignmentId: course.assignmentId, studentId: course.studentId, by: course.instructorId },
      ...{ date: "2024-11-20", time: "", zone: "AoE", reason: "ill" },
      ...change,
    },
  );
const extensions = () => database.db.extension.findMany();
const audit = () => database.db.auditEntry.findMany();

describe("an extension on a real database", () => {
  it("is one row with its audit entry: who, when, before, after, why", async () => {
    expect(await grant()).toMatchObject({ outcome: "granted" });
    expect(await extensions()).toMatchObject([
      {
        userId: course.studentId,
        dueAt: new Date("2024-11-21T12:00:00Z"),
        ...{ reason: "ill", grantedById: course.instructorId, createdAt: now },
      },
    ]);
    expect(await audit()).toMatchObject([
      {
        ...{ at: now, userId: course.instructorId, action: "extension.granted", reason: "ill" },
        subject: `assignment:${course.assignmentId}`,
        before: null,
        after: { student: course.studentId, dueAt: "2024-11-21T12:00:00.000Z", stated: "2024-11-20 AoE" },
      },
    ]);
  });

  it("goes to students of the assignment's own course only", async () => {
    const other = await seedCourse(database.db, { courseSlug: "other-course" });
    for (const studentId of [course.taId, course.instructorId, other.studentId, "usr_none"]) {
      expect(await grant({ studentId })).toMatchObject({ problems: [{ field: "student" }] });
    }
    expect(await extensions()).toEqual([]);
    expect(await audit()).toEqual([]);
  });

  it("granted by many at once is one extension, and the audit is one chain from none to it", async () => {
    const days = Array.from({ length: 12 }, (_, i) => String(i + 17));
    await Promise.all(days.map((day) => grant({ date: `2024-11-${day}` })));
    const [last, ...others] = await extensions();
    expect(others).toEqual([]);
    const entries = await audit();
    expect(entries).toHaveLength(days.length);
    const dueOf = (side: unknown) => (side as { dueAt: string } | null)?.dueAt ?? null;
    const next = new Map(entries.map((entry) => [dueOf(entry.before), dueOf(entry.after)]));
    let at: string | null | undefined = null;
    for (const _ of days) at = next.get(at ?? null);
    expect(at).toBe(last?.dueAt.toISOString());
    expect(next.size).toBe(days.length);
  });

  it("sent twice at the same moment is granted once", async () => {
    const outcomes = await Promise.all([grant(), grant(), grant(), grant()]);
    expect(outcomes.map((one) => one.outcome).sort()).toEqual([
      "granted",
      "unchanged",
      "unchanged",
      "unchanged",
    ]);
    expect(await audit()).toHaveLength(1);
  });

  it("to different students at once takes nothing from either", async () => {
    await Promise.all([grant(), grant({ studentId: course.otherStudentId })]);
    expect(await extensions()).toHaveLength(2);
  });

  it("is not written when its audit entry cannot be, and neither is an end or a grace", async () => {
    await grant();
    const silent = { by: course.instructorId, before: null, after: null, reason: "" };
    const of = { assignmentId: course.assignmentId, studentId: course.studentId };
    const ended = store().changeExtension(of, () => ({
      outcome: "ended",
      change: { write: { type: "end" }, audit: { ...silent, action: "extension.ended" } },
    }));
    await expect(ended).rejects.toThrow(/audit_entry_explained/);
    const set = store().changeGrace(of, () => ({
      outcome: "set",
      change: { write: { staffGraceSeconds: 60 }, audit: { ...silent, action: "grace.set-by-staff" } },
    }));
    await expect(set).rejects.toThrow(/audit_entry_explained/);
    expect(await extensions()).toHaveLength(1);
    const row = await database.db.assignment.findUniqueOrThrow({ where: { id: course.assignmentId } });
    expect(row.staffGraceSeconds).toBeNull();
    expect(await audit()).toHaveLength(1);
  });

  it("ends by the id that was seen: of two who end it one does, and a newer one stays", async () => {
    await grant();
    const [first] = await extensions();
    const end = (extensionId: string) =>
      endExtension(
        { store: store() },
        {
          ...{ assignmentId: course.assignmentId, studentId: course.studentId, by: course.instructorId },
          ...{ extensionId, reason: "Given by mistake." },
        },
      );
    await grant({ date: "2024-11-22" });
    expect(await end(first?.id ?? "")).toMatchObject({ problems: [{ field: "extension" }] });
    const [second] = await extensions();
    const outcomes = await Promise.all([end(second?.id ?? ""), end(second?.id ?? "")]);
    expect(outcomes.map((one) => one.outcome).sort()).toEqual(["ended", "refused"]);
    expect(await extensions()).toEqual([]);
    const actions = (await audit()).map((entry) => entry.action).sort();
    expect(actions).toEqual(["extension.ended", "extension.granted", "extension.replaced"]);
  });
});

describe("the audit of deadlines", () => {
  it("can be added to and nothing else", async () => {
    await grant();
    const changed = database.db.auditEntry.updateMany({ data: { reason: "another" } });
    await expect(changed).rejects.toThrow(/append-only/);
    await expect(database.db.auditEntry.deleteMany()).rejects.toThrow(/append-only/);
    expect(await audit()).toMatchObject([{ reason: "ill" }]);
  });
});

describe("the grace that staff set", () => {
  const set = (graceSeconds: number | null) =>
    setGrace(
      { store: store() },
      {
        ...{ assignmentId: course.assignmentId, graceSeconds },
        ...{ by: course.instructorId, reason: "The network was down." },
      },
    );
  const row = () => database.db.assignment.findUniqueOrThrow({ where: { id: course.assignmentId } });

  it("stands beside the file's, and can be taken back", async () => {
    expect(await set(900)).toEqual({ outcome: "set", graceSeconds: 900 });
    expect(await row()).toMatchObject({ graceSeconds: 0, staffGraceSeconds: 900 });
    expect(await set(null)).toEqual({ outcome: "set", graceSeconds: 0 });
    expect(await row()).toMatchObject({ graceSeconds: 0, staffGraceSeconds: null });
    expect((await audit()).map((entry) => entry.action).sort()).toEqual([
      "grace.back-to-file",
      "grace.set-by-staff",
    ]);
  });

  it("set by several at once ends at one of them, and each before is another's after", async () => {
    const wanted = [60, 120, 180, 240, 300];
    await Promise.all(wanted.map((seconds) => set(seconds)));
    const entries = await audit();
    const seen = (side: "before" | "after") =>
      entries.map((entry) => (entry[side] as { graceSeconds: number }).graceSeconds).sort((a, b) => a - b);
    expect(seen("after")).toEqual(wanted);
    const { staffGraceSeconds } = await row();
    expect(seen("before")).toEqual([0, ...wanted.filter((seconds) => seconds !== staffGraceSeconds)]);
  });
});
