import type { HomeCourse } from "#app/_server/queries/course/home.ts";
import { allSubmissionsPath, conflictsPath, coursePath } from "#app/_ui/addresses.ts";
import { plural } from "../format.ts";
import { type NoticeNews, StaffNotices } from "../notices/staff-notices.tsx";
import { LinkButton, TextLink } from "../page/links.tsx";
import { Panel } from "../page/panel.tsx";
import classes from "./home.module.css";
import { StudentWork } from "./student-work.tsx";

interface CourseHomeProps {
  home: HomeCourse;
  zone: string;
  nowIso: string;
  news: NoticeNews;
}

/** One course on the home page: for students what is due next, for staff what needs attention. */
export function CourseHome({ home, zone, nowIso, news }: CourseHomeProps) {
  const { course } = home;
  const open = <TextLink href={coursePath(course.slug)}>Open the course</TextLink>;
  return (
    <div className={classes.stack}>
      <Panel
        title={`${course.title}, ${course.term}`}
        aside={open}
        flush={home.staff === null && home.assignments.length === 0}
      >
        {home.staff ? (
          <StaffSummary home={home} staff={home.staff} />
        ) : (
          <StudentWork
            course={course.slug}
            assignments={home.assignments}
            waiting={home.waiting}
            zone={course.timeZone}
            nowIso={nowIso}
          />
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

const notGradableHref = (course: string) => `${allSubmissionsPath(course)}?state=not_gradable`;

interface StaffSummaryProps {
  home: HomeCourse;
  staff: NonNullable<HomeCourse["staff"]>;
}

function StaffSummary({ home, staff: { notGradable, conflicts } }: StaffSummaryProps) {
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
        {conflicts > 0 ? (
          <TextLink href={conflictsPath(home.course.slug)}>
            {plural(conflicts, "conflict")} of files and edits
          </TextLink>
        ) : null}
      </div>
      <LinkButton href={allSubmissionsPath(home.course.slug)}>All submissions</LinkButton>
    </div>
  );
}
