import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findAssignmentTitle, findCourse } from "#app/_server/queries/course/course-page.ts";
import { findStaffTeams } from "#app/_server/queries/course/staff-teams.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { StaffTeams } from "#app/_ui/staff/teams/staff-teams.tsx";
import { teamsRequest } from "#app/_ui/staff/teams/teams-request.ts";

interface Props {
  params: Promise<{ course: string; assignment: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { services, subject } = await requirePage("team.change", await params);
  return { title: `Teams: ${await findAssignmentTitle(services, subject.assignmentId)}` };
}

export default async function TeamsPage({ params, searchParams }: Props) {
  const refs = await params;
  const { actor, services, subject } = await requirePage("team.change", refs);
  const course = (await findCourse(services, refs.course)) ?? notFound();
  const reader = await readReader(actor, course);
  return (
    <Shell reader={reader} course={course} section="assignments">
      <StaffTeams
        view={await findStaffTeams(services, subject)}
        course={course}
        request={teamsRequest.parse(await searchParams)}
      />
    </Shell>
  );
}
