import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { assignmentPath, coursePath, exercisePath } from "#app/_ui/addresses.ts";

interface Placed {
  course: { slug: string; code: string; title: string };
  assignment: { slug: string; title: string };
  exercise: { slug: string; title: string };
}

/** From the course down to the exercise. */
export function exerciseCrumbs({ course, assignment, exercise }: Placed): { label: string; href: string }[] {
  return [
    { label: course.code, href: coursePath(course.slug) },
    { label: assignment.title, href: assignmentPath(course.slug, assignment.slug) },
    { label: exercise.title, href: exercisePath(course.slug, assignment.slug, exercise.slug) },
  ];
}

/** From the course down to the submission that the run grades. */
export function runCrumbs(view: RunView, number: number): { label: string; href: string }[] {
  return [
    ...exerciseCrumbs(view),
    { label: `Submission ${number}`, href: `/submissions/${view.run.submissionId}` },
  ];
}
