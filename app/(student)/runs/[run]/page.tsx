import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { owns } from "#app/_server/access/permissions.ts";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { readRunPage } from "#app/_server/queries/run/run-page.ts";
import { refusedSentence } from "#app/_server/refused-words.ts";
import { staffRunPath } from "#app/_ui/addresses.ts";
import { PlainLog } from "#app/_ui/run/log/plain-log.tsx";
import { runCrumbs } from "#app/_ui/run/run-crumbs.ts";
import { RunPage } from "#app/_ui/run/run-page.tsx";
import { runTitle } from "#app/_ui/run/tab/run-title.ts";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";

interface Props {
  params: Promise<{ run: string }>;
  searchParams: Promise<{ refused?: string | string[] }>;
}

/** Read once a request, for the page and for its title. */
const readPage = cache(async (run: string) => {
  const { actor, services, subject } = await requirePage("run.view", { run });
  const page = (await readRunPage(services, actor, subject)) ?? notFound();
  return { page, own: owns(actor.userId, subject) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { page, own } = await readPage((await params).run);
  return { title: runTitle(page.view, page.number, own ? null : page.view.student.name) };
}

export default async function StudentRunPage({ params, searchParams }: Props) {
  const { run } = await params;
  const { refused } = await searchParams;
  const { actor } = await requirePage("run.view", { run });
  const { page, own } = await readPage(run);
  const { view } = page;
  const reader = await readReader(actor, view.course);
  return (
    <WidgetShell reader={reader} course={view.course} section={own ? "submissions" : "staff"} wide>
      <RunPage
        initial={view}
        nowIso={page.nowIso}
        zones={{ reader: reader.zone, course: view.course.timeZone }}
        crumbs={runCrumbs(view, page.number)}
        number={page.number}
        student={own ? null : view.student.name}
        own={own}
        may={page.may}
        refused={refusedSentence(refused)}
        staffHref={reader.isStaff ? staffRunPath(view.run.id) : null}
        plainLog={<PlainLog view={view} tail={page.logTail} />}
        logTail={page.logTail}
      />
    </WidgetShell>
  );
}
