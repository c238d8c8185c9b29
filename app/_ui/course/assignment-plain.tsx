import type { ReactNode } from "react";
import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { assignmentsPath, coursePath } from "#app/_ui/addresses.ts";
import { pointsText } from "../format.ts";
import { Notice } from "../page/notice.tsx";
import { PageHead } from "../page/page-head.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { DeadlineBlock, DeadlineTag } from "../time/deadline-block.tsx";
import { ExerciseCard, type TutorialExercise } from "../tutorial/tutorial-parts.tsx";

interface AssignmentPlainProps {
  course: { slug: string; code: string; title: string };
  line: AssignmentLine;
  exercises: TutorialExercise[];
  /** The course names a page that is not there. */
  pageMissing: boolean;
  nowIso: string;
  /** The reader's team; null where there are none, and for staff. */
  team: ReactNode;
  /** Where staff manage it; null for everybody else. */
  staffLinks: ReactNode;
}

/** An assignment with no text of its own: when it is due and what is handed in. */
export function AssignmentPlain(props: AssignmentPlainProps) {
  const { course, line, exercises, pageMissing, nowIso, team, staffLinks } = props;
  return (
    <>
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(course.slug) },
          { label: "Assignments", href: assignmentsPath(course.slug) },
        ]}
        title={line.title}
        state={
          <>
            <DeadlineTag status={line.deadline.status} />
            <span className="num">{pointsText(line)}</span>
          </>
        }
        actions={staffLinks}
      />
      {pageMissing ? (
        <Notice tone="warn">
          The text of this assignment is missing from the course's files; tell staff.
        </Notice>
      ) : null}
      <Panel title="Deadline">
        <DeadlineBlock deadline={line.deadline} nowIso={nowIso} />
      </Panel>
      <br />
      {team ? (
        <div id="team">
          <Panel title="Your team">{team}</Panel>
          <br />
        </div>
      ) : null}
      {exercises.length === 0 ? (
        <Panel title="Hand in" flush>
          <EmptyState title={line.handIn ? "Where it is handed in:" : "Nothing is handed in here."}>
            {line.handIn ?? "Exercises of this assignment will show up in this place."}
          </EmptyState>
        </Panel>
      ) : null}
      {exercises.map((exercise) => (
        <ExerciseCard key={exercise.slug} exercise={exercise} />
      ))}
    </>
  );
}
