import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { readRunPage } from "#app/_server/queries/run/run-page.ts";
import { findStaffRun } from "#app/_server/queries/run/staff-run.ts";
import { refusedSentence } from "#app/_server/refused-words.ts";
import { allSubmissionsPath, coursePath } from "#app/_ui/addresses.ts";
import { PlainLog } from "#app/_ui/run/log/plain-log.tsx";
import { runCrumbs } from "#app/_ui/run/run-crumbs.ts";
import { RunPage } from "#app/_ui/run/run-page.tsx";
import { runTitle } from "#app/_ui/run/tab/run-title.ts";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";
import { RunResult } from "#app/_ui/staff/run-result.tsx";
import { StaffOutput } from "#app/_ui/staff/staff-output.tsx";
import { StaffRunFacts } from "#app/_ui/staff/staff-run-facts.tsx";

interface Props {
  params: Promise<{ run: string }>;
  searchParams: Promise<{ done?: string | string[]; refused?: string | string[] }>;
}

/** Read once a request, for the page and for its title. */
const readPage = cache(async (run: string) => {
  const { actor, services, subject } = await requirePage("run.view-staff", { run });
  return (await readRunPage(services, actor, subject)) ?? notFound();
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = await readPage((await params).run);
  return { title: runTitle(page.view, page.number, page.view.student.name) };
}

export default async function StaffRunPage({ params, searchParams }: Props) {
  const { run } = await params;
  const { done, refused } = await searchParams;
  const { actor, services, subject } = await requirePage("run.view-staff", { run });
  const page = await readPage(run);
  const { view } = page;
  const staff = await findStaffRun(services, subject.runId);
  const reader = await readReader(actor, view.course);
  const zones = { reader: reader.zone, course: view.course.timeZone };
  const crumbs = [
    { label: view.course.code, href: coursePath(view.course.slug) },
    { label: "All submissions", href: allSubmissionsPath(view.course.slug) },
    ...runCrumbs(view, page.number).slice(-1),
  ];
  return (
    <WidgetShell reader={reader} course={view.course} section="staff" wide>
      <RunPage
        initial={view}
        nowIso={page.nowIso}
        zones={zones}
        crumbs={crumbs}
        number={page.number}
        student={view.student.name}
        own={view.student.id === actor.userId}
        may={page.may}
        refused={refusedSentence(refused)}
        staffHref={null}
        plainLog={<PlainLog view={view} tail={page.logTail} />}
        logTail={page.logTail}
      >
        <StaffOutput staff={staff} final={view.run.final} />
        <RunResult
          view={view}
          number={page.number}
          changes={staff.changes}
          news={done === "counts"}
          zones={zones}
        />
        <StaffRunFacts staff={staff} zones={zones} />
      </RunPage>
    </WidgetShell>
  );
}
