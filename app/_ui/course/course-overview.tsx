import type { AnnouncementView } from "#app/_server/queries/course/announcements.ts";
import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import type { ScheduleView } from "#app/_server/queries/course/schedule.ts";
import type { Waiting } from "#app/_server/queries/course/waiting.ts";
import { announcementsPath, assignmentsPath, officeHoursPath, schedulePath } from "../addresses.ts";
import { AnnouncementList } from "../announcements/announcement-list.tsx";
import { StudentWork } from "../home/student-work.tsx";
import { TextLink } from "../page/links.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { ClassEntry } from "../schedule/class-entry.tsx";
import { OfficeHours } from "../schedule/office-hours.tsx";
import type { Zones } from "../time/every-clock.ts";
import { AssignmentWeeks } from "./assignment-weeks.tsx";
import classes from "./course-overview.module.css";

interface CourseOverviewProps {
  course: string;
  isStaff: boolean;
  assignments: AssignmentLine[];
  waiting: Waiting;
  schedule: ScheduleView;
  announcements: AnnouncementView[];
  zones: Zones;
  now: Date;
}

/** What is next: for the reader, in class, and with staff. */
export function CourseOverview(props: CourseOverviewProps) {
  const { course, isStaff, assignments, waiting, schedule, announcements, zones, now } = props;
  const nowIso = now.toISOString();
  const next = schedule.classes.find(({ endsAt }) => endsAt > nowIso);
  const running = next !== undefined && next.startsAt <= nowIso;
  const released = assignments.filter(({ releaseDay }) => releaseDay === next?.day);
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        {isStaff ? (
          <AssignmentWeeks course={course} assignments={assignments} now={now} />
        ) : (
          <Panel
            title="Your work"
            aside={<TextLink href={assignmentsPath(course)}>All assignments</TextLink>}
          >
            <StudentWork {...{ course, assignments, waiting, nowIso }} zone={zones.course} />
          </Panel>
        )}
      </div>
      <div className={classes.side}>
        {announcements.length > 0 ? (
          <Panel
            title="Announcements"
            aside={<TextLink href={announcementsPath(course)}>All announcements</TextLink>}
          >
            <AnnouncementList list={announcements} zones={zones} nowIso={nowIso} level={3} />
          </Panel>
        ) : null}
        {schedule.classes.length > 0 ? (
          <Panel
            title={running ? "In class now" : "Next class"}
            aside={<TextLink href={schedulePath(course)}>Whole schedule</TextLink>}
          >
            {next ? (
              <ClassEntry {...{ one: next, course, zones, now, released }} level={3} />
            ) : (
              <EmptyState title="No more classes.">The last one is over.</EmptyState>
            )}
          </Panel>
        ) : null}
        {isStaff || schedule.officeHours.length > 0 || schedule.appointments !== null ? (
          <Panel
            title="Office hours"
            aside={
              isStaff ? <TextLink href={officeHoursPath(course)}>Change office hours</TextLink> : undefined
            }
          >
            <OfficeHours schedule={schedule} zones={zones} now={now} />
          </Panel>
        ) : null}
      </div>
    </div>
  );
}
