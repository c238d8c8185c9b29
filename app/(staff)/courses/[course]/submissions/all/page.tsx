import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { listForStaff, staffFilter } from "#app/_server/queries/submission/staff-submissions.ts";
import { allSubmissionsPath, coursePath, fleetPath, machineImagesPath } from "#app/_ui/addresses.ts";
import { plural } from "#app/_ui/format.ts";
import { TextLink } from "#app/_ui/page/links.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { StaffAssignments } from "#app/_ui/staff/staff-assignments.tsx";
import { StaffFilters } from "#app/_ui/staff/staff-filters.tsx";
import { StaffPager } from "#app/_ui/staff/staff-pager.tsx";
import { StaffRefusals } from "#app/_ui/staff/staff-refusals.tsx";
import { StaffStates } from "#app/_ui/staff/staff-states.tsx";
import { StaffTable } from "#app/_ui/staff/staff-table.tsx";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("submission.list-any", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("All submissions", course) };
}

export default async function StaffSubmissionsPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services, subject } = await requirePage("submission.list-any", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const filter = staffFilter.parse(await searchParams);
  const list = await listForStaff(services, subject.courseId, filter);
  const zones = { reader: reader.zone, course: course.timeZone };
  const base = allSubmissionsPath(slug);
  const nowIso = services.clock().toISOString();
  return (
    <Shell reader={reader} course={course} section="staff" wide>
      <PageHead
        crumbs={[{ label: course.code, href: coursePath(slug) }]}
        title="All submissions"
        actions={
          <>
            <TextLink href={fleetPath(slug)}>Fleet</TextLink>
            <TextLink href={machineImagesPath(slug)}>Machine images</TextLink>
          </>
        }
        state={<StaffStates states={list.states} refused={list.refusalTotal} base={base} />}
      />
      <StaffAssignments assignments={list.assignments} course={slug} />
      <StaffFilters filter={filter} list={list} base={base} />
      {filter.state === "refused" ? null : (
        <Panel
          title="Submissions"
          aside={<span className="num">{plural(list.total, "submission")}</span>}
          flush
        >
          <StaffTable
            rows={list.rows}
            zones={zones}
            nowIso={nowIso}
            filtered={Object.keys(filter).length > 1}
          />
          <StaffPager filter={filter} total={list.total} base={base} />
        </Panel>
      )}
      <br />
      <Panel
        title="Refused uploads"
        aside={<span className="num">{plural(list.refusalTotal, "refusal")}</span>}
        flush
      >
        <StaffRefusals
          refusals={list.refusals}
          zones={zones}
          nowIso={nowIso}
          keptDays={services.config.keepDays.refusals}
        />
        {filter.state === "refused" ? (
          <StaffPager filter={filter} total={list.refusalTotal} base={base} />
        ) : null}
      </Panel>
    </Shell>
  );
}
