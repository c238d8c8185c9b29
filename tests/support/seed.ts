import { newId } from "#course/ids.ts";
import { type ExerciseSpec, exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { kindFor } from "#grading/machines/machine-kind.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { Role } from "#infra/db/generated/enums.ts";

/** Before every deadline below. */
export const seededAt = new Date("2024-11-12T18:00:00Z");

export interface SeedOverrides {
  courseSlug?: string;
  dueAt?: Date | null;
  availableUntil?: Date | null;
  releasedAt?: Date | null;
  graceSeconds?: number;
  latePolicy?: Record<string, unknown>;
  /** Merged into the exercise's spec. */
  spec?: Partial<ExerciseSpec>;
}

export interface SeededCourse {
  courseId: string;
  courseSlug: string;
  sectionIds: { undergraduate: string; graduate: string };
  assignmentId: string;
  assignmentSlug: string;
  exerciseId: string;
  exerciseSlug: string;
  exerciseVersionId: string;
  spec: ExerciseSpec;
  studentId: string;
  otherStudentId: string;
  taId: string;
  instructorId: string;
}

/** A course with two sections, two students, a TA, an instructor, and one exercise that is ready to submit to. */
export async function seedCourse(db: Db, overrides: SeedOverrides = {}): Promise<SeededCourse> {
  const id = (prefix: Parameters<typeof newId>[0]) => newId(prefix, seededAt);
  const courseSlug = overrides.courseSlug ?? "tcss562-f2024";
  const courseId = id("crs");
  const sectionIds = { undergraduate: id("sec"), graduate: id("sec") };
  await db.course.create({
    data: {
      id: courseId,
      slug: courseSlug,
      code: "TCSS 462/562",
      title: "Software Engineering for Cloud Computing",
      term: "Fall 2024",
      timeZone: "America/Los_Angeles",
      sections: {
        create: [
          { id: sectionIds.undergraduate, code: "TCSS 462" },
          { id: sectionIds.graduate, code: "TCSS 562" },
        ],
      },
    },
  });
  const enroll = (name: string, role: Role, sectionId: string | null) =>
    seedUser(db, { name, courseId, courseSlug, role, sectionId });
  const studentId = await enroll("Sam Student", "student", sectionIds.graduate);
  const otherStudentId = await enroll("Olga Other", "student", sectionIds.undergraduate);
  const taId = await enroll("Tara Assistant", "ta", null);
  const instructorId = await enroll("Ivan Instructor", "instructor", null);

  const spec = exerciseSpec.parse({ ...defaultSpec, ...overrides.spec });
  const dueAt = overrides.dueAt === undefined ? new Date("2024-11-15T12:00:00Z") : overrides.dueAt;
  const assignment = await db.assignment.create({
    data: {
      id: id("asg"),
      courseId,
      slug: "tutorial-7",
      title: "Tutorial 7: Docker containers",
      kind: "tutorial",
      points: 20,
      position: 7,
      dueZone: "AoE",
      releasedAt: overrides.releasedAt ?? null,
      dueAt,
      availableUntil: overrides.availableUntil ?? null,
      graceSeconds: overrides.graceSeconds ?? 0,
      latePolicy: (overrides.latePolicy ?? { kind: "none" }) as object,
      page: null,
    },
  });
  const exerciseId = id("exc");
  const exerciseVersionId = id("ver");
  const hash = "e".repeat(64);
  await db.exercise.create({
    data: {
      id: exerciseId,
      assignmentId: assignment.id,
      slug: spec.slug,
      title: spec.title,
      versions: {
        create: {
          id: exerciseVersionId,
          hash,
          spec: storedSpec.write(spec) as object,
          machineKind: kindFor(spec),
          hiddenKey: `exercises/${hash}/hidden.tar`,
          current: true,
        },
      },
    },
  });
  return {
    courseId,
    courseSlug,
    sectionIds,
    assignmentId: assignment.id,
    assignmentSlug: assignment.slug,
    exerciseId,
    exerciseSlug: spec.slug,
    exerciseVersionId,
    spec,
    studentId,
    otherStudentId,
    taId,
    instructorId,
  };
}

/** A user with one enrollment; the address is made from the name and the course. */
export async function seedUser(
  db: Db,
  user: { name: string; courseId: string; courseSlug: string; role: Role; sectionId: string | null },
): Promise<string> {
  const userId = newId("usr", seededAt);
  const local = user.name.toLowerCase().replaceAll(" ", ".");
  await db.user.create({
    data: {
      id: userId,
      name: user.name,
      email: `${local}@${user.courseSlug}.example.edu`,
      emailVerified: true,
      enrollments: {
        create: {
          id: newId("enr", seededAt),
          courseId: user.courseId,
          sectionId: user.sectionId,
          role: user.role,
        },
      },
    },
  });
  return userId;
}

export const defaultSpec = {
  slug: "docker-containers",
  title: "Docker containers",
  requiredFiles: ["Dockerfile"],
  checks: [
    {
      id: "files",
      kind: "files/required",
      title: "All files are handed in",
      points: 5,
      timeoutSeconds: 30,
    },
    {
      id: "build",
      kind: "docker/build",
      title: "The image builds",
      points: 15,
      needs: ["files"],
      timeoutSeconds: 300,
    },
  ],
};

export interface SeededRun {
  submissionId: string;
  runId: string;
}

/** What was handed in, as the upload records it. */
type HandedInFields = Partial<{ files: { path: string; bytes: number }[]; sha256: string; bytes: number }>;

/** A submission of the student with one queued run, as submitWork leaves them; its bytes are in no store. */
export async function seedSubmission(
  db: Db,
  course: SeededCourse,
  fields: {
    userId?: string;
    teamId?: string;
    number?: number;
    at?: Date;
    dueAt?: Date | null;
  } & HandedInFields = {},
): Promise<SeededRun> {
  const at = fields.at ?? seededAt;
  const submissionId = newId("sub", at);
  const runId = newId("run", at);
  await db.submission.create({
    data: {
      id: submissionId,
      exerciseId: course.exerciseId,
      userId: fields.userId ?? course.studentId,
      teamId: fields.teamId ?? null,
      number: fields.number ?? 1,
      fileName: "work.zip",
      sha256: fields.sha256 ?? "a".repeat(64),
      bytes: fields.bytes ?? 1234,
      files: fields.files ?? [{ path: "Dockerfile", bytes: 42 }],
      storageKey: `submissions/${submissionId}`,
      receivedAt: at,
      dueAt: fields.dueAt ?? null,
      late: false,
      receiptJws: "seeded",
      runs: { create: { id: runId, exerciseVersionId: course.exerciseVersionId, queuedAt: at } },
    },
  });
  return { submissionId, runId };
}
