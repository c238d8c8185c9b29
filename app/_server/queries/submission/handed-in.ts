import { storedFiles } from "#grading/submissions/stored-files.ts";
import type { HandedIn } from "#infra/archives/handed-in-files.ts";
import { type Actor, type Owned, owns, type SubjectOf } from "../../access/permissions.ts";
import type { Services } from "../../services.ts";

/** A submission whose files somebody wants to look at, and the same student's others to the same exercise. */
export interface HandedInView {
  submissionId: string;
  number: number;
  /** No machine grades it: there is no run. */
  collected: boolean;
  /** null where the stored list cannot be read; the files themselves are there. */
  stored: HandedIn | null;
  student: { id: string; name: string };
  /** The reader's, or of a team that they are in. */
  own: boolean;
  course: { id: string; slug: string; code: string; title: string; timeZone: string };
  assignment: { slug: string; title: string };
  exercise: { slug: string; title: string };
  /** Of all of the student's, or the team's, to this exercise that the reader may see, newest first, this one too. */
  attempts: { id: string; number: number; receivedAt: string }[];
}

/** By what requirePage allowed, and to whom. */
export async function findHandedIn(
  { db }: Pick<Services, "db">,
  actor: Pick<Actor, "userId">,
  subject: SubjectOf<"submission.view">,
): Promise<HandedInView> {
  const { submissionId } = subject;
  const { exercise, user, ...row } = await db.submission.findUniqueOrThrow({
    where: { id: submissionId },
    select: {
      ...{ number: true, fileName: true, storageKey: true, files: true },
      ...{ exerciseId: true, userId: true, teamId: true },
      user: { select: { id: true, name: true } },
      exercise: {
        select: {
          slug: true,
          title: true,
          collectMegabytes: true,
          assignment: { include: { course: true } },
        },
      },
    },
  });
  const attempts = await db.submission.findMany({
    where: { exerciseId: row.exerciseId, ...comparable(row, actor.userId, subject) },
    orderBy: [{ number: "desc" }, { receivedAt: "desc" }],
    select: { id: true, number: true, receivedAt: true },
  });
  const { assignment, collectMegabytes, ...titled } = exercise;
  return {
    submissionId,
    number: row.number,
    collected: collectMegabytes !== null,
    stored: toHandedIn(submissionId, row),
    student: user,
    own: owns(actor.userId, subject),
    course: assignment.course,
    assignment: { slug: assignment.slug, title: assignment.title },
    exercise: titled,
    attempts: attempts.map(({ receivedAt, ...attempt }) => ({
      ...attempt,
      receivedAt: receivedAt.toISOString(),
    })),
  };
}

/** Who sent it and is in the team no more may see what they sent, and of the team's nothing else. */
function comparable(
  { userId, teamId }: { userId: string; teamId: string | null },
  reader: string,
  { memberIds }: Owned,
) {
  const onlyTheirs = teamId === null || (reader === userId && !memberIds.includes(reader));
  return onlyTheirs ? { userId, teamId } : { teamId };
}

/** The same of one of the attempts of a view. */
export async function storedAttempt(
  { db }: Pick<Services, "db">,
  submissionId: string,
): Promise<HandedIn | null> {
  const row = await db.submission.findUniqueOrThrow({
    where: { id: submissionId },
    select: { fileName: true, storageKey: true, files: true },
  });
  return toHandedIn(submissionId, row);
}

function toHandedIn(
  submissionId: string,
  row: { fileName: string; storageKey: string; files: unknown },
): HandedIn | null {
  const files = storedFiles.read(row.files);
  if (files.outcome !== "read") return null;
  return { submissionId, storageKey: row.storageKey, fileName: row.fileName, files: files.value };
}
