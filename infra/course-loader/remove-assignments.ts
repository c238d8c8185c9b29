import { noteChange, report, type Writing } from "./writing.ts";

/** Those that are no longer listed go, unless there is work of students': each such one is a problem. */
export async function removeAssignments(writing: Writing) {
  const { tx, courseId, files } = writing;
  const listed = files.spec.assignments.map((assignment) => assignment.slug);
  const gone = await tx.assignment.findMany({ where: { courseId, slug: { notIn: listed } } });
  for (const { id, slug } of gone) {
    const kept = await removeExercises(writing, id, [], ["assignments"]);
    if (kept > 0) {
      const message = `assignment ${slug} is no longer listed, but there is work handed in to it. Has it another slug now? Then write formerly: [${slug}] at that assignment; otherwise list it again`;
      report(writing, ["assignments"], message);
      continue;
    }
    const extensions = await tx.extension.count({ where: { assignmentId: id } });
    if (extensions > 0) {
      const message = `assignment ${slug} is no longer listed, but students have extensions of it (${extensions}). Has it another slug now? Then write formerly: [${slug}] at that assignment; otherwise list it again or end them first`;
      report(writing, ["assignments"], message);
      continue;
    }
    if (await reportTeams(writing, { id, slug }, ["assignments"])) continue;
    await tx.assignment.delete({ where: { id } });
    noteChange(writing, `assignment ${slug}`, "removed");
  }
}

/** What students agreed on is theirs. Gives whether there is a team, which is reported then. */
export async function reportTeams(
  writing: Writing,
  { id, slug }: { id: string; slug: string },
  keys: (string | number)[],
): Promise<boolean> {
  const teams = await writing.tx.team.count({ where: { assignmentId: id } });
  if (teams === 0) return false;
  const message = `assignment ${slug} has teams (${teams}) that students made, so it stays listed, with its team: write both again`;
  report(writing, keys, message);
  return true;
}

/** Gives the number of exercises that could not go, each of which is reported. */
export async function removeExercises(
  writing: Writing,
  assignmentId: string,
  listed: string[],
  keys: (string | number)[],
): Promise<number> {
  const gone = await writing.tx.exercise.findMany({
    where: { assignmentId, slug: { notIn: listed } },
    include: { _count: { select: { submissions: true } } },
  });
  let kept = 0;
  for (const exercise of gone) {
    const count = exercise._count.submissions;
    if (count > 0) {
      kept++;
      const message = `exercise ${exercise.slug} is no longer listed, but has ${count} submissions; list it again, under the folder's name that it had`;
      report(writing, keys, message);
      continue;
    }
    await writing.tx.exercise.delete({ where: { id: exercise.id } });
    noteChange(writing, `exercise ${exercise.slug}`, "removed");
  }
  return kept;
}
