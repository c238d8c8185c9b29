import type { RunView } from "#app/_server/queries/run/run-view.ts";

/** From the course down to the submission that the run grades. */
export function runCrumbs(view: RunView, number: number): { label: string; href: string }[] {
  const { course, assignment, exercise, run } = view;
  const base = `/courses/${course.slug}`;
  return [
    { label: course.title, href: base },
    { label: assignment.title, href: `${base}/${assignment.slug}` },
    { label: exercise.title, href: `${base}/${assignment.slug}/${exercise.slug}` },
    { label: `Submission ${number}`, href: `/submissions/${run.submissionId}` },
  ];
}
