import type { DeadlineView } from "#course/deadlines/describe-deadline.ts";
import { describeEnd, type SaidInstant } from "#course/deadlines/say-instant.ts";
import type { Services } from "../../services.ts";
import { assignmentDeadline, deadlineInForce } from "./assignment-deadline.ts";
import { type CoursePerson, listPeople } from "./course-people.ts";

export interface StaffAssignmentView {
  slug: string;
  title: string;
  points: number;
  /** Without any extension. */
  deadline: DeadlineView;
  /** In seconds; staff is null when the file's stands. */
  grace: { inForce: number; file: number; staff: number | null };
  people: CoursePerson[];
  extensions: ExtensionRow[];
  counts: ClassCounts;
}

export interface ExtensionRow {
  id: string;
  student: { userId: string; name: string; email: string; section: string | null };
  /** No longer a student of the course. */
  left: boolean;
  due: SaidInstant;
  /** false when the assignment's own due date has been moved past it. */
  hasEffect: boolean;
  reason: string;
  grantedBy: string;
  grantedAt: string;
}

export interface ClassCounts {
  exercises: number;
  students: number;
  /** Students with at least one submission, or whose team has one. */
  started: number;
  notStarted: CoursePerson[];
  submissions: number;
  refusals: number;
}

/** An assignment as staff manage its deadlines, by the ids that requirePage returned. */
export async function findStaffAssignment(
  { db, clock }: Services,
  { courseId, assignmentId }: { courseId: string; assignmentId: string },
  zones: { courseZone: string; readerZone: string },
): Promise<StaffAssignmentView> {
  const [row, people] = await Promise.all([
    db.assignment.findUniqueOrThrow({
      where: { id: assignmentId },
      include: {
        extensions: {
          orderBy: [{ dueAt: "asc" }, { id: "asc" }],
          include: {
            user: { select: { name: true, email: true } },
            grantedBy: { select: { name: true } },
          },
        },
      },
    }),
    listPeople(db, courseId),
  ]);
  const seen = { ...zones, now: clock() };
  return {
    slug: row.slug,
    title: row.title,
    points: Number(row.points),
    deadline: assignmentDeadline({ ...row, extensions: [] }, seen),
    grace: {
      inForce: row.staffGraceSeconds ?? row.graceSeconds,
      file: row.graceSeconds,
      staff: row.staffGraceSeconds,
    },
    people,
    extensions: row.extensions.map((extension) => {
      const enrolled = people.find((one) => one.userId === extension.userId);
      return {
        id: extension.id,
        student: {
          ...{ userId: extension.userId, name: extension.user.name, email: extension.user.email },
          section: enrolled?.section ?? null,
        },
        left: enrolled?.role !== "student",
        due: describeEnd(extension.dueAt, seen),
        hasEffect: deadlineInForce({ ...row, extensions: [extension] }).extended,
        reason: extension.reason,
        grantedBy: extension.grantedBy.name,
        grantedAt: extension.createdAt.toISOString(),
      };
    }),
    counts: await countClass(db, assignmentId, people),
  };
}

/** What the students of the course have handed in; what staff tried out does not count. */
async function countClass(
  db: Services["db"],
  assignmentId: string,
  people: CoursePerson[],
): Promise<ClassCounts> {
  const students = people.filter((one) => one.role === "student");
  const byStudents = {
    exercise: { assignmentId },
    userId: { in: students.map((one) => one.userId) },
  };
  const [exercises, groups, refusals, inTeams] = await Promise.all([
    db.exercise.count({ where: { assignmentId } }),
    db.submission.groupBy({ by: ["userId"], where: byStudents, _count: true }),
    db.uploadRefusal.count({ where: byStudents }),
    db.teamMember.findMany({
      where: { assignmentId, team: { submissions: { some: {} } } },
      select: { userId: true },
    }),
  ]);
  // What one of a team handed in, all of it did.
  const handedIn = new Set([...groups, ...inTeams].map(({ userId }) => userId));
  const started = new Set(students.map(({ userId }) => userId).filter((userId) => handedIn.has(userId)));
  return {
    exercises,
    students: students.length,
    started: started.size,
    notStarted: students.filter((one) => !started.has(one.userId)),
    submissions: groups.reduce((sum, group) => sum + group._count, 0),
    refusals,
  };
}
