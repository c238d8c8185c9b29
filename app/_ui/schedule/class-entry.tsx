import { IconPresentation, IconSchool } from "@tabler/icons-react";
import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import type { ClassView } from "#app/_server/queries/course/schedule.ts";
import { AssignmentTitle } from "../course/assignment-title.tsx";
import { LastFeedback } from "../surveys/last-feedback.tsx";
import type { Zones } from "../time/every-clock.ts";
import { ClassWhen } from "./class-when.tsx";
import { Objectives } from "./objectives.tsx";
import classes from "./schedule.module.css";

export interface ClassEntryProps {
  one: ClassView;
  course: string;
  zones: Zones;
  now: Date;
  /** Released on the day of the class. */
  released: AssignmentLine[];
  /** Whether the reader may mark where it is. */
  mayMark?: boolean;
  level: 2 | 3;
}

/** One class: when and where, what it is about, its slides, and what is new from that day on. */
export function ClassEntry({ one, course, zones, now, released, mayMark = false, level }: ClassEntryProps) {
  const Heading = `h${level}` as const;
  const Icon = one.kind === "lecture" ? IconSchool : IconPresentation;
  return (
    <article id={`class-${one.number}`} className={classes.entry}>
      <Heading className={classes.title}>
        <Icon size={18} aria-hidden /> Class {one.number}: {one.title}
      </Heading>
      <p className={classes.when}>
        <ClassWhen one={one} zones={zones} now={now} /> · {one.place}
      </p>
      <Objectives {...{ one, course, now, mayMark }} />
      {one.slides ? (
        <p>
          <a href={one.slides} rel="noreferrer">
            Slides of class {one.number}
          </a>
        </p>
      ) : null}
      <LastFeedback course={course} classNumber={one.number} />
      {released.length > 0 ? (
        <p>
          New from this day:{" "}
          {released.map((line, index) => (
            <span key={line.slug}>
              {index > 0 ? ", " : ""}
              <AssignmentTitle line={line} course={course} />
            </span>
          ))}
        </p>
      ) : null}
    </article>
  );
}
