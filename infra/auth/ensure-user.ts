import { hashPassword, verifyPassword } from "better-auth/crypto";
import type { Clock } from "#course/clock.ts";
import { AppError } from "#course/errors.ts";
import { newId } from "#course/ids.ts";
import { systemClock } from "#infra/clock/clock.ts";
import type { Db, Tx } from "#infra/db/connection/client.ts";

export interface WantedEnrollment {
  /** Slug of a course that is loaded. */
  course: string;
  role: "student" | "ta" | "instructor";
  /** Code of one of its sections, such as 562. */
  section: string | null;
}

/**
 * Makes the user, the password and the enrollments be as stated; running it again changes nothing. Enrollments
 * that are not named stay. A changed password ends the user's sessions; a changed role is audited.
 * Throws AppError when a course or section does not exist.
 */
export async function ensureUser(input: {
  db: Db;
  email: string;
  name: string;
  password: string;
  enrollments: WantedEnrollment[];
  clock?: Clock;
}): Promise<{ userId: string }> {
  const now = (input.clock ?? systemClock)();
  const email = input.email.trim().toLowerCase();
  const hash = await hashUnlessSet(input.db, email, input.password);
  return input.db.$transaction(async (tx) => {
    // The upsert locks the row: two runs for one person follow each other.
    const user = await tx.user.upsert({
      where: { email },
      create: { id: newId("usr", now), email, name: input.name, emailVerified: true },
      update: { name: input.name },
    });
    if (hash !== null) await setPassword(tx, user.id, hash, now);
    for (const wanted of input.enrollments) await ensureEnrollment(tx, user.id, wanted, now);
    return { userId: user.id };
  });
}

/** null when the password is the person's already. Hashing is slow on purpose, so no transaction waits for it. */
async function hashUnlessSet(db: Db, email: string, password: string): Promise<string | null> {
  const account = await db.account.findFirst({ where: { providerId: "credential", user: { email } } });
  if (account?.password && (await verifyPassword({ hash: account.password, password }))) return null;
  return hashPassword(password);
}

async function setPassword(tx: Tx, userId: string, hash: string, now: Date): Promise<void> {
  const account = await tx.account.findFirst({ where: { userId, providerId: "credential" } });
  if (account) {
    await tx.account.update({ where: { id: account.id }, data: { password: hash } });
    await tx.session.deleteMany({ where: { userId } });
    return;
  }
  await tx.account.create({
    // better-auth finds a password by provider "credential" and an accountId equal to the user's id.
    data: { id: newId("usr", now), accountId: userId, providerId: "credential", userId, password: hash },
  });
}

async function ensureEnrollment(tx: Tx, userId: string, wanted: WantedEnrollment, now: Date): Promise<void> {
  const course = await tx.course.findUnique({
    where: { slug: wanted.course },
    include: { sections: true, enrollments: { where: { userId } } },
  });
  if (!course) {
    throw new AppError({
      code: "course-missing",
      userMessage: `There is no course ${wanted.course}. Load it before enrolling people in it.`,
    });
  }
  const section = course.sections.find((one) => one.code === wanted.section) ?? null;
  if (wanted.section !== null && section === null) {
    throw new AppError({
      code: "section-missing",
      userMessage: `Course ${wanted.course} has no section ${wanted.section}; it has ${course.sections.map((one) => one.code).join(", ") || "none"}.`,
    });
  }
  const before = course.enrollments[0];
  const data = { role: wanted.role, sectionId: section?.id ?? null };
  if (before?.role === data.role && before.sectionId === data.sectionId) return;
  const after = await tx.enrollment.upsert({
    where: { courseId_userId: { courseId: course.id, userId } },
    create: { id: newId("enr", now), courseId: course.id, userId, ...data },
    update: data,
  });
  if (before?.role === after.role) return;
  await tx.auditEntry.create({
    data: {
      id: newId("aud", now),
      at: now,
      userId: null,
      action: "enrollment.role",
      subject: `enrollment:${after.id}`,
      ...(before ? { before: { role: before.role } } : {}),
      after: { role: after.role },
      reason: before ? "The role was changed by the operator." : "The person was enrolled by the operator.",
    },
  });
}
