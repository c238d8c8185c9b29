import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import type { HomeCourse } from "#app/_server/queries/course/home.ts";
import { wentUngraded } from "#grading/runs/counting.ts";
import { Yours } from "../course/assignments-table.tsx";
import { plural } from "../format.ts";
import { type NoticeNews, StaffNotices } from "../notices/staff-notices.tsx";
import { LinkButton, TextLink } from "../page/links.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { DeadlineBlock } from "../time/deadline-block.tsx";
import classes from "./home.module.css";

interface CourseHomeProps {
  home: HomeCourse;
  zone: string;
  nowIso: string;
  news: NoticeNews;
}

/** One course on the home page: for students what is due next, for staff what needs attention. */
export function CourseHome({ home, zone, nowIso, news }: CourseHomeProps) {
  const { course } = home;
  const open = <TextLink href={`/courses/${course.slug}`}>Open the course</TextLink>;
  return (
    <div className={classes.stack}>
      <Panel
        title={`${course.title}, ${course.term}`}
        aside={open}
        flush={home.staff === null && home.assignments.length === 0}
      >
        {home.staff ? (
          <StaffSummary home={home} notGradable={home.staff.notGradable} />
        ) : (
          <NextDeadlines home={home} nowIso={nowIso} />
        )}
      </Panel>
      {home.staff ? (
        <StaffNotices
          title="Needs attention"
          courseId={course.id}
          list={home.staff.notices}
          zones={{ reader: zone, course: course.timeZone }}
          news={news}
          rest={{ href: notGradableHref(course.slug), label: "All runs that could not be graded" }}
          empty="Runs that Drydock could not grade, and whatever else of this course or of Drydock itself needs you, show up here."
        />
      ) : null}
    </div>
  );
}

const notGradableHref = (course: string) => `/staff/${course}/submissions?state=not_gradable`;

function StaffSummary({ home, notGradable }: { home: HomeCourse; notGradable: number }) {
  const exercises = home.assignments.flatMap((line) => line.exercises);
  return (
    <div className={classes.next}>
      <div className={classes.counts}>
        <span>{plural(home.assignments.length, "assignment")}</span>
        <span>{plural(exercises.length, "exercise")}</span>
        {notGradable === 0 ? (
          <span>0 not gradable</span>
        ) : (
          <TextLink href={notGradableHref(home.course.slug)}>{notGradable} not gradable</TextLink>
        )}
      </div>
      <LinkButton href={`/staff/${home.course.slug}/submissions`}>All submissions</LinkButton>
    </div>
  );
}

/** How many deadlines are shown. */
const shown = 3;

function NextDeadlines({ home, nowIso }: { home: HomeCourse; nowIso: string }) {
  const open = home.assignments
    .filter((line) => line.deadline.status !== "closed" && line.deadline.status !== "not-released")
    .sort((a, b) => dueMs(a) - dueMs(b))
    .slice(0, shown);
  if (home.assignments.length === 0) {
    return (
      <EmptyState title="No assignment yet.">Deadlines show up here once the course has some.</EmptyState>
    );
  }
  if (open.length === 0) return <p>Nothing is open right now. Past work is on the course's page.</p>;
  return (
    <div className={classes.stack}>
      {open.map((line) => (
        <div key={line.slug} className={classes.deadline}>
          <div>
            <h3>
              <TextLink href={`/courses/${home.course.slug}/${line.slug}`}>{line.title}</TextLink>
            </h3>
            <DeadlineBlock deadline={line.deadline} nowIso={nowIso} />
          </div>
          <div>
            <Yours line={line} />
          </div>
          <NextStep line={line} course={home.course.slug} />
        </div>
      ))}
    </div>
  );
}

function NextStep({ line, course }: { line: AssignmentLine; course: string }) {
  const [exercise] = line.exercises;
  const base = `/courses/${course}/${line.slug}`;
  if (!exercise) return <LinkButton href={base}>Read</LinkButton>;
  const handedIn = exercise.attempts.length > 0;
  const last = exercise.attempts.find(({ counts }) => counts) ?? exercise.attempts[0];
  if (last?.run && last.rerun === null && wentUngraded(last.run)) {
    return (
      <div className={classes.steps}>
        <LinkButton href={`/submissions/${last.submissionId}`}>Why, and run again</LinkButton>
        <LinkButton href={`${base}/${exercise.slug}`} variant="default">
          Submit again
        </LinkButton>
      </div>
    );
  }
  return (
    <LinkButton href={`${base}/${exercise.slug}`} variant={handedIn ? "default" : "filled"}>
      {handedIn ? "Submit again" : "Submit"}
    </LinkButton>
  );
}

const dueMs = (line: AssignmentLine) => line.deadline.due?.instant.getTime() ?? Number.POSITIVE_INFINITY;
