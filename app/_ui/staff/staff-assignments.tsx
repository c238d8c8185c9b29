import { deadlinesPath } from "#app/_ui/addresses.ts";
import { TextLink } from "../page/links.tsx";
import classes from "./staff.module.css";

/** The way to each assignment's deadline and extensions; folded, because a course has many. */
export function StaffAssignments({
  assignments,
  course,
}: {
  assignments: { slug: string; title: string }[];
  course: string;
}) {
  if (assignments.length === 0) return null;
  return (
    <details className={classes.assignments}>
      <summary>Deadlines and extensions</summary>
      <ul>
        {assignments.map(({ slug, title }) => (
          <li key={slug}>
            <TextLink href={deadlinesPath(course, slug)}>{title}</TextLink>
          </li>
        ))}
      </ul>
    </details>
  );
}
