import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import type { Waiting } from "#app/_server/queries/course/waiting.ts";
import { assignmentPath, surveysPath } from "#app/_ui/addresses.ts";
import { countedOf, groupWork } from "#course/gradebook/group-work.ts";
import { Yours } from "../course/assignments-table.tsx";
import { formatPoints } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { EmptyState } from "../page/panel.tsx";
import { TalkLines } from "../presentations/talk-lines.tsx";
import { InvitationLines } from "../teams/invitation-lines.tsx";
import { DeadlineBlock, DeadlineTag } from "../time/deadline-block.tsx";
import { Due } from "../time/due.tsx";
import { SaidTime } from "../time/said-time.tsx";
import classes from "./home.module.css";
import { NextStep } from "./next-step.tsx";

interface StudentWorkProps {
  course: string;
  assignments: AssignmentLine[];
  waiting: Waiting;
  /** Of the course. */
  zone: string;
  nowIso: string;
}

/** Of what is due next so many are shown in full; the others in a line each, never hidden. */
const inFull = 3;

/** A student's assignments: what is due next, then what is overdue and still taken, then what is done. */
export function StudentWork({ course, assignments, waiting, zone, nowIso }: StudentWorkProps) {
  if (assignments.length === 0) {
    return (
      <EmptyState title="No assignment yet.">
        What is due shows up here, with its deadline in your own time, once your course has something.
      </EmptyState>
    );
  }
  const { next, overdue, done } = groupWork(
    assignments.map((line) => ({
      line,
      status: line.deadline.status,
      dueAt: line.deadline.due?.instant ?? null,
      exercises: line.exercises.map(({ attempts }) => countedOf(attempts)),
    })),
  );
  return (
    <div className={classes.groups}>
      <InvitationLines course={course} invitations={waiting.invitations} />
      <TalkLines {...{ course, zone, nowIso }} talks={waiting.talks} />
      {waiting.surveys > 0 ? (
        <p>
          <TextLink href={surveysPath(course)}>
            {waiting.surveys === 1 ? "A survey is open" : `${waiting.surveys} surveys are open`}
          </TextLink>
          : completing one earns extra credit, and nobody can tell who wrote what.
        </p>
      ) : null}
      <section aria-label="Due next">
        <h3 className={classes.group}>Due next</h3>
        {next.length === 0 ? <NothingDue overdue={overdue.length} /> : null}
        {next.slice(0, inFull).map(({ line }) => (
          <InFull key={line.slug} line={line} course={course} nowIso={nowIso} />
        ))}
        <Lines works={next.slice(inFull)} course={course} nowIso={nowIso} />
      </section>
      <Folded title="Overdue, still taken" works={overdue} course={course} nowIso={nowIso} />
      <Folded title="Done and closed" works={done} course={course} nowIso={nowIso} />
    </div>
  );
}

function NothingDue({ overdue }: { overdue: number }) {
  return (
    <p className={classes.nothing}>
      {overdue === 0
        ? "Nothing is due: whatever is released next shows up here."
        : "Nothing is due. What is below is overdue, and still taken."}
    </p>
  );
}

function InFull({ line, course, nowIso }: { line: AssignmentLine; course: string; nowIso: string }) {
  return (
    <div className={classes.deadline}>
      <div>
        <h4>
          <TextLink href={assignmentPath(course, line.slug)}>{line.title}</TextLink>
        </h4>
        <DeadlineBlock deadline={line.deadline} nowIso={nowIso} />
      </div>
      <div>
        <p className={classes.worth}>{formatPoints(line.points)} points</p>
        <Yours line={line} />
      </div>
      <NextStep line={line} course={course} />
    </div>
  );
}

interface LinesProps {
  works: { line: AssignmentLine }[];
  course: string;
  nowIso: string;
}

function Folded({ title, ...lines }: LinesProps & { title: string }) {
  if (lines.works.length === 0) return null;
  return (
    <details className={classes.folded}>
      <summary>
        {title} <span className="num">({lines.works.length})</span>
      </summary>
      <Lines {...lines} past />
    </details>
  );
}

/** A line each: what, when, where the reader stands. past: of what is over, its day is enough. */
function Lines({ works, course, nowIso, past }: LinesProps & { past?: boolean }) {
  if (works.length === 0) return null;
  return (
    <ul className={classes.lines}>
      {works.map(({ line }) => (
        <li key={line.slug}>
          <TextLink href={assignmentPath(course, line.slug)}>{line.title}</TextLink>
          <DeadlineTag status={line.deadline.status} />
          {past && line.deadline.due ? (
            <span>
              due <SaidTime at={line.deadline.due} short />
            </span>
          ) : (
            <Due at={line.deadline.due} nowIso={nowIso} />
          )}
          <span className={classes.yours}>
            <Yours line={line} />
          </span>
        </li>
      ))}
    </ul>
  );
}
