import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { decide } from "#app/_server/access/permissions.ts";
import { requirePage } from "#app/_server/page.ts";
import { listAssignmentAudit } from "#app/_server/queries/course/assignment-audit.ts";
import { findAssignmentTitle, findCourse } from "#app/_server/queries/course/course-page.ts";
import { readStaffDates } from "#app/_server/queries/course/edits/staff-dates.ts";
import { findStaffAssignment } from "#app/_server/queries/course/staff-assignment.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";
import { deadlineRequest } from "#app/_ui/staff/deadlines/deadline-request.ts";
import { StaffAssignment } from "#app/_ui/staff/deadlines/staff-assignment.tsx";

interface Props {
  params: Promise<{ course: string; assignment: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { services, subject } = await requirePage("assignment.view-staff", await params);
  const title = await findAssignmentTitle(services, subject.assignmentId);
  return { title: `Deadline and extensions: ${title}` };
}

export default async function StaffAssignmentPage({ params, searchParams }: Props) {
  const refs = await params;
  const { actor, services, subject } = await requirePage("assignment.view-staff", refs);
  const course = (await findCourse(services, refs.course)) ?? notFound();
  const reader = await readReader(actor, course);
  const request = deadlineRequest.parse(await searchParams);
  const [view, dates, audit] = await Promise.all([
    findStaffAssignment(services, subject, { courseZone: course.timeZone, readerZone: reader.zone }),
    readStaffDates(services, subject),
    listAssignmentAudit(services, subject.assignmentId, request.page),
  ]);
  return (
    <WidgetShell reader={reader} course={course} section="assignments" wide>
      <StaffAssignment
        view={view}
        dates={dates}
        audit={audit}
        course={course}
        request={request}
        mayChange={decide("deadline.change", actor, subject) === "allowed"}
        zones={{ reader: reader.zone, course: course.timeZone }}
        nowIso={services.clock().toISOString()}
      />
    </WidgetShell>
  );
}
