import type { Clock } from "#course/clock.ts";
import type {
  DatesStanding,
  DatesWrite,
  Decided,
  ExtensionStanding,
  ExtensionWrite,
  StaffAudit,
  StaffDeadlineStore,
} from "#course/deadlines/ports.ts";
import { newId } from "#course/ids.ts";
import type { Db, Tx } from "../connection/client.ts";
import { Prisma } from "../generated/client.ts";
import { agreeConflicts, asTheFileSays, openConflicts } from "./edits/agree-conflicts.ts";
import { datesOfFields, findEdited, updateEdited } from "./edits/edited-tables.ts";
import { lockCourseOf } from "./edits/lock-course.ts";
import { jsonOf } from "./row-json.ts";

interface Change {
  tx: Tx;
  now: Date;
  assignmentId: string;
}

/** Extensions and grace on Postgres; see StaffDeadlineStore. */
export function createDeadlineStore(db: Db, clock: Clock): StaffDeadlineStore {
  const change = <Result>(assignmentId: string, work: (change: Change) => Promise<Result>) =>
    db.$transaction(async (tx) => {
      await lockDeadlines(tx, assignmentId);
      // The time is read under the lock, so that the audit's order is the order of the changes.
      return work({ tx, now: clock(), assignmentId });
    });
  return {
    changeExtension: ({ assignmentId, studentId }, decide) =>
      change(assignmentId, (context) => changeExtension(context, studentId, decide)),
    changeGrace: ({ assignmentId }, decide) =>
      change(assignmentId, async (context) => {
        const { tx } = context;
        const row = await tx.assignment.findUniqueOrThrow({ where: { id: assignmentId } });
        const { dueAt, graceSeconds: fileGraceSeconds, staffGraceSeconds } = row;
        const decided = decide({ dueAt, fileGraceSeconds, staffGraceSeconds });
        if (decided.change !== null) {
          await tx.assignment.update({ where: { id: assignmentId }, data: decided.change.write });
          await audit(context, decided.change.audit);
        }
        return decided.outcome;
      }),
    changeDates: ({ assignmentId, by }, decide) =>
      db.$transaction(async (tx) => {
        const { courseId } = await tx.assignment.findUniqueOrThrow({ where: { id: assignmentId } });
        // Before the assignment's own lock, as a sync of its course takes them.
        await lockCourseOf(tx, courseId);
        await lockDeadlines(tx, assignmentId);
        return changeDates({ tx, now: clock(), assignmentId }, { courseId, by }, decide);
      }),
  };
}

async function changeDates<Outcome>(
  context: Change,
  { courseId, by }: { courseId: string; by: string },
  decide: (standing: DatesStanding) => Decided<DatesWrite, Outcome>,
): Promise<Outcome> {
  const { tx, now, assignmentId } = context;
  const edit = { tx, courseId, now, by };
  const row = await findEdited(tx, "assignment", assignmentId);
  if (row === null) throw new Error(`${assignmentId} went while it was locked.`);
  const file = asTheFileSays(row, await openConflicts(edit, "assignment", assignmentId));
  const decided = decide({ dates: datesOfFields(row.site), file: datesOfFields(file) });
  if (decided.change === null) return decided.outcome;
  const { dates } = decided.change.write;
  const site = jsonOf(dates, dates);
  const base = await agreeConflicts(edit, "assignment", { ...row, site });
  await updateEdited(tx, "assignment", { id: assignmentId, site, base });
  await audit(context, decided.change.audit);
  return decided.outcome;
}

/** Two changes of one assignment's deadlines happen one after the other; so does a loading of its course. */
async function lockDeadlines(tx: Tx, assignmentId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM assignment WHERE id = ${assignmentId} FOR NO KEY UPDATE`;
}

async function changeExtension<Outcome>(
  context: Change,
  studentId: string,
  decide: (standing: ExtensionStanding) => Decided<ExtensionWrite, Outcome>,
): Promise<Outcome> {
  const decided = decide(await standingOf(context, studentId));
  if (decided.change !== null) {
    await writeExtension(context, studentId, decided.change.write);
    await audit(context, decided.change.audit);
  }
  return decided.outcome;
}

async function standingOf({ tx, assignmentId }: Change, studentId: string): Promise<ExtensionStanding> {
  const { dueAt, course, extensions } = await tx.assignment.findUniqueOrThrow({
    where: { id: assignmentId },
    select: {
      dueAt: true,
      course: { select: { enrollments: { where: { userId: studentId }, select: { role: true } } } },
      extensions: { where: { userId: studentId } },
    },
  });
  return { dueAt, role: course.enrollments[0]?.role ?? null, current: extensions[0] ?? null };
}

/** A replaced extension gets a new id: whoever still looks at the old one cannot end the new one by it. */
async function writeExtension(
  { tx, now, assignmentId }: Change,
  userId: string,
  write: ExtensionWrite,
): Promise<void> {
  await tx.extension.deleteMany({ where: { assignmentId, userId } });
  if (write.type === "end") return;
  const { dueAt, reason, grantedById } = write;
  await tx.extension.create({
    data: { id: newId("ext", now), assignmentId, userId, dueAt, reason, grantedById, createdAt: now },
  });
}

async function audit({ tx, now, assignmentId }: Change, entry: StaffAudit): Promise<void> {
  const { by, action, before, after, reason } = entry;
  await tx.auditEntry.create({
    data: {
      id: newId("aud", now),
      at: now,
      userId: by,
      action,
      subject: `assignment:${assignmentId}`,
      before: before ?? Prisma.DbNull,
      after: after ?? Prisma.DbNull,
      reason,
    },
  });
}
