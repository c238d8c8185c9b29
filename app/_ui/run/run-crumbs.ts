import type { RunView } from "#app/_server/queries/run/run-view.ts";

interface Placed {
  course: { slug: string; title: string };
  assignment: { slug: string; title: string };
  exercise: { slug: string; title: string };
}

/** From the course down to the exercise. */
export function exerciseCrumbs({ course, assignment, exercise }: Placed): { label: string; href: string }[] {
  const base = `/courses/${course.slug}`;
  return [
    { label: course.title, href: base },
    { label: assignment.title, href: `${base}/${assignment.slug}` },
    { label: exercise.title, href: `${base}/${assignment.slug}/${exercise.slug}` },
  ];
}

/** From the course down to the submission that the run grades. */
export function runCrumbs(view: RunView, number: number): { label: string; href: string }[] {
  return [
    ...exerciseCrumbs(view),
    { label: `Submission ${number}`, href: `/submissions/${view.run.submissionId}` },
  ];
}
