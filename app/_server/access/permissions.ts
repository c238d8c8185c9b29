/**
 * Who may do what, decided in one place from who asks (with the roles of their enrollments) and what it is about.
 * Every page, action and route names one of these permissions; tests/integration/web walks them all.
 */

export type Role = "student" | "ta" | "instructor";

/** Who asks. null in its place: nobody is signed in. */
export interface Actor {
  userId: string;
  name: string;
  email: string;
  timeZone: string | null;
  enrollments: { courseId: string; role: Role }[];
  /** Staff of a course who asked to see as students do: they may no more meanwhile. */
  asStudent?: boolean;
}

/** Whose work it is: who sent it, and whoever is now in the team for which it was sent. */
export interface Owned {
  ownerId: string;
  memberIds: readonly string[];
}

export const owns = (userId: string, { ownerId, memberIds }: Owned): boolean =>
  ownerId === userId || memberIds.includes(userId);

/** What a permission is about, by kind; loaded by subjects.ts. */
export interface Subjects {
  none: null;
  course: { courseId: string };
  assignment: { courseId: string; assignmentId: string; released: boolean };
  exercise: { courseId: string; assignmentId: string; exerciseId: string; released: boolean };
  submission: { courseId: string; submissionId: string } & Owned;
  /** countedNotGradable: of the run that counts of its submission, whichever run this is. */
  run: { courseId: string; runId: string; countedNotGradable: boolean } & Owned;
  /** deadline: it is about the dates of an assignment. */
  conflict: { courseId: string; conflictId: string; deadline: boolean };
  /** courseId null: the platform's own, which is every course's staff's. */
  notice: { courseId: string | null; noticeId: string };
}
export type SubjectKind = keyof Subjects;

/** How the actor stands to the subject: all that rules may look at. */
interface Standing {
  /** In the subject's course. */
  role: Role | null;
  owner: boolean;
  released: boolean;
  countedNotGradable: boolean;
  deadline: boolean;
}
type Rule = (standing: Standing) => boolean;

const everyone: Rule = () => true;
const member: Rule = (s) => s.role !== null;
const instructor: Rule = (s) => s.role === "instructor";
const staff: Rule = (s) => s.role === "ta" || instructor(s);
const memberOnceReleased: Rule = (s) => staff(s) || (member(s) && s.released);
const ownerOrStaff: Rule = (s) => s.owner || staff(s);
/**
 * A student may have run again what Drydock failed to grade; a result is only replaced by staff. So it is the run
 * that counts that decides, not the one that is named; whyNoRerun says it again under the submission's lock.
 */
const staffOrUngradedOwner: Rule = (s) => staff(s) || (s.owner && s.countedNotGradable);

interface Permission<Kind extends SubjectKind> {
  subject: Kind;
  allows: Rule;
}
const about = <Kind extends SubjectKind>(subject: Kind, allows: Rule): Permission<Kind> => ({
  subject,
  allows,
});

export const permissions = {
  "site.view": about("none", everyone),
  "course.view": about("course", member),
  // One's own.
  "calendar.keep": about("course", member),
  "schedule.mark": about("course", staff),
  // What it is about is one's own team's, which the rules of presentations see to.
  "talk.propose": about("course", member),
  "talk.plan": about("course", staff),
  // One's own.
  "review.write": about("course", member),
  "review.manage": about("course", staff),
  "assignment.view": about("assignment", memberOnceReleased),
  "assignment.view-staff": about("assignment", staff),
  // A later deadline decides grades as points do, so who grants one answers for the course; a ta sees all of it.
  "deadline.change": about("assignment", instructor),
  // Students only, which the rules of teams say in a sentence.
  "team.join": about("assignment", memberOnceReleased),
  // Whoever helps in class puts a team right at once; it is audited.
  "team.change": about("assignment", staff),
  "announcement.change": about("course", staff),
  "office-hours.change": about("course", staff),
  "conflict.list": about("course", staff),
  // Which date stands decides grades as any later deadline does.
  "conflict.settle": about("conflict", (s) => instructor(s) || (staff(s) && !s.deadline)),
  "exercise.view": about("exercise", memberOnceReleased),
  "exercise.submit": about("exercise", memberOnceReleased),
  // Only students of a section are asked, which is looked at where it is recorded.
  "survey.complete": about("course", member),
  // Its results, what of them is published, and what is asked next.
  "survey.manage": about("course", staff),
  "submission.list-own": about("course", member),
  "submission.list-any": about("course", staff),
  "machine.list": about("course", staff),
  // It is every course's fleet; whoever sees at night that it runs away may stop it.
  "fleet.change": about("course", staff),
  "submission.view": about("submission", ownerOrStaff),
  "run.view": about("run", ownerOrStaff),
  "run.view-staff": about("run", staff),
  "run.rerun": about("run", staffOrUngradedOwner),
  // Whoever may replace a result by running it again may also say which result stands.
  "run.make-count": about("run", staff),
  // A student only their own that waits in the queue, which is looked at under the run's lock.
  "run.cancel": about("run", ownerOrStaff),
  // Also to undo it.
  "notice.close": about("notice", staff),
} satisfies Record<string, Permission<SubjectKind>>;

export type PermissionName = keyof typeof permissions;
export type SubjectKindOf<P extends PermissionName> = (typeof permissions)[P]["subject"];
export type SubjectOf<P extends PermissionName> = Subjects[SubjectKindOf<P>];
/** Only what everyone may see is ever shown to nobody. */
export type ActorOf<P extends PermissionName> = P extends "site.view" ? Actor | null : Actor;

/** Who may know that a subject exists; for everybody else it answers like one that does not. */
const knows: Record<SubjectKind, Rule> = {
  none: everyone,
  course: member,
  assignment: memberOnceReleased,
  exercise: memberOnceReleased,
  submission: ownerOrStaff,
  run: ownerOrStaff,
  notice: staff,
  conflict: staff,
};

export type Decision = "allowed" | "sign-in" | "forbidden" | "hidden";

/**
 * sign-in: nobody asks, and who they are matters. forbidden: the actor knows the subject but may not do this.
 * hidden: the actor may not even learn that the subject exists.
 */
export function decide<P extends PermissionName>(
  permission: P,
  actor: Actor | null,
  subject: SubjectOf<P>,
): Decision {
  const standing = standingOf(actor, subject);
  const { subject: kind, allows } = permissions[permission];
  if (allows(standing)) return "allowed";
  if (actor === null) return "sign-in";
  return knows[kind](standing) ? "forbidden" : "hidden";
}

function standingOf(actor: Actor | null, subject: Subjects[SubjectKind]): Standing {
  const role = subject === null ? null : roleIn(subject.courseId, actor);
  return {
    role,
    owner: actor !== null && subject !== null && "ownerId" in subject && owns(actor.userId, subject),
    released: subject !== null && "released" in subject && subject.released,
    countedNotGradable: subject !== null && "countedNotGradable" in subject && subject.countedNotGradable,
    deadline: subject !== null && "deadline" in subject && subject.deadline,
  };
}

const byRank: readonly Role[] = ["instructor", "ta", "student"];

/** null: what belongs to no course is met with the highest role in any. */
function roleIn(courseId: string | null, actor: Actor | null): Role | null {
  const roles = (actor?.enrollments ?? [])
    .filter((one) => courseId === null || one.courseId === courseId)
    .map((one) => one.role);
  return byRank.find((role) => roles.includes(role)) ?? null;
}
