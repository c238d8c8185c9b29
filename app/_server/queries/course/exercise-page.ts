import type { DeadlineView } from "#course/deadlines/describe-deadline.ts";
import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { collectedWork, type TakenWork } from "#grading/submissions/taken-work.ts";
import { nextUploadAt, tooFastSentence } from "#grading/submissions/upload-pace.ts";
import { ownWork } from "#infra/db/course/own-work.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import type { Services } from "../../services.ts";
import { type AttemptRow, attemptFields, attemptRows } from "../run/attempts.ts";
import { assignmentDeadline, deadlineInForce } from "./assignment-deadline.ts";
import { sharedExercises, shareOf } from "./exercise-shares.ts";

export interface ExercisePageView {
  title: string;
  assignment: { slug: string; title: string; points: number; hasPage: boolean };
  /** What may be handed in; null while nothing can be. */
  takes: TakenWork | null;
  /** Who hands it in together with the reader, at least how many have to; null: everybody alone. */
  team: { others: string[]; least: number; locked: boolean } | null;
  /** No machine grades it: staff have it, with its receipt. */
  collected: boolean;
  /** The version that new submissions are graded by; null while none is published, and where it cannot be read. */
  spec: ExerciseSpec | null;
  /** Whether there is a version that cannot be read. */
  unreadable: boolean;
  hasStarter: boolean;
  deadline: DeadlineView;
  /** What the exercise is worth in the course; null while nobody knows. */
  share: number | null;
  attempts: AttemptRow[];
  /** Why no submission is taken right now, whatever the deadline says; null: one is. */
  tooFast: string | null;
  /** The most that is stored of one person's submissions to the course. */
  storageBytes: number;
  /** Refused uploads of this reader, newest first. */
  refusals: { id: string; fileName: string; message: string; receivedAt: string }[];
}

/** An exercise as one reader sees it, by the id that requirePage returned. */
export async function findExercisePage(
  { db, clock, config }: Services,
  exerciseId: string,
  reader: { userId: string; zone: string; courseZone: string },
): Promise<ExercisePageView> {
  const { userId } = reader;
  const theirs = { userId };
  const { assignment, ...row } = await db.exercise.findUniqueOrThrow({
    where: { id: exerciseId },
    include: {
      assignment: {
        include: { extensions: { where: theirs, select: { dueAt: true } }, exercises: sharedExercises },
      },
      versions: { where: { current: true }, select: { spec: true, starterKey: true } },
      submissions: { where: await ownWork(db, userId), select: attemptFields },
      refusals: {
        where: theirs,
        orderBy: { receivedAt: "desc" },
        take: 5,
        select: { id: true, fileName: true, message: true, receivedAt: true },
      },
    },
  });
  const [version] = row.versions;
  const own = await db.teamMember.findUnique({
    where: { assignmentId_userId: { assignmentId: assignment.id, userId } },
    select: { team: { select: { lockedAt: true, members: membersByTime } } },
  });
  const share = shareOf(assignment, exerciseId);
  const now = clock();
  const opensAt = nextUploadAt(
    row.submissions.flatMap((one) => (one.userId === userId ? [one.receivedAt] : [])),
    now,
  );
  const stored = version ? storedSpec.read(version.spec) : null;
  const spec = stored?.outcome === "read" ? stored.value : null;
  const { collectMegabytes: maxMegabytes, collectFormats: formats } = row;
  const collected = maxMegabytes !== null;
  return {
    title: row.title,
    team: assignment.teamMin === null ? null : teamOf(own, userId, assignment.teamMin),
    ...{ collected, takes: maxMegabytes === null ? spec : collectedWork({ formats, maxMegabytes }) },
    assignment: {
      slug: assignment.slug,
      title: assignment.title,
      points: Number(assignment.points),
      hasPage: assignment.page !== null,
    },
    spec,
    unreadable: stored?.outcome === "unreadable",
    hasStarter: Boolean(version?.starterKey),
    deadline: assignmentDeadline(assignment, {
      now,
      courseZone: reader.courseZone,
      readerZone: reader.zone,
    }),
    tooFast: opensAt && tooFastSentence(opensAt, now, reader.zone),
    storageBytes: config.storage.personBytes,
    share,
    attempts: attemptRows(row.submissions, {
      userId,
      inForce: deadlineInForce(assignment),
      share,
      collected,
    }),
    refusals: row.refusals.map((refusal) => ({ ...refusal, receivedAt: refusal.receivedAt.toISOString() })),
  };
}

const membersByTime = {
  orderBy: [{ joinedAt: "asc" }, { userId: "asc" }],
  select: { user: { select: { id: true, name: true } } },
} satisfies Prisma.Team$membersArgs;

function teamOf(
  own: { team: { lockedAt: Date | null; members: { user: { id: string; name: string } }[] } } | null,
  userId: string,
  least: number,
): ExercisePageView["team"] {
  const others = own?.team.members.filter(({ user }) => user.id !== userId) ?? [];
  return {
    others: others.map(({ user }) => user.name),
    least,
    locked: (own?.team.lockedAt ?? null) !== null,
  };
}
