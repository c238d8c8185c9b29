import { IconSelector } from "@tabler/icons-react";
import type { CourseNav } from "#app/_server/queries/course/course-nav.ts";
import { coursePath } from "../../addresses.ts";
import { PageLink } from "../../page/links.tsx";
import classes from "./rail.module.css";

/** The course's code; with more than one course also the way to the others. Works without JavaScript. */
export function CourseSwitch({
  course,
  courses,
}: {
  course: { slug: string; code: string; title: string };
  courses: CourseNav["courses"];
}) {
  const others = courses.filter(({ slug }) => slug !== course.slug);
  if (others.length === 0) {
    return (
      <PageLink href={coursePath(course.slug)} className={classes.course} title={course.title}>
        <span>{course.code}</span>
      </PageLink>
    );
  }
  return (
    <details className={classes.switch}>
      <summary
        className={classes.course}
        title={course.title}
        aria-label={`${course.code}, change the course`}
      >
        <span>{course.code}</span> <IconSelector size={16} aria-hidden />
      </summary>
      <ul className={classes.menu}>
        {[course, ...others].map((one) => (
          <li key={one.slug}>
            <PageLink
              href={coursePath(one.slug)}
              aria-current={one.slug === course.slug ? "true" : undefined}
            >
              {one.code}
              {"term" in one ? <small>{one.term}</small> : <small>This one</small>}
            </PageLink>
          </li>
        ))}
      </ul>
    </details>
  );
}
