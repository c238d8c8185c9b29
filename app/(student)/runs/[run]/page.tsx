import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { readRunPage } from "#app/_server/queries/run/run-page.ts";
import { refusedSentence } from "#app/_server/refused-words.ts";
import { PlainLog } from "#app/_ui/run/log/plain-log.tsx";
import { runCrumbs } from "#app/_ui/run/run-crumbs.ts";
import { RunPage } from "#app/_ui/run/run-page.tsx";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";

export const metadata: Metadata = { title: "Run" };

interface Props {
  params: Promise<{ run: string }>;
  searchParams: Promise<{ refused?: string | string[] }>;
}

export default async function StudentRunPage({ params, searchParams }: Props) {
  const { run } = await params;
  const { refused } = await searchParams;
  const { actor, services, subject } = await requirePage("run.view", { run });
  const page = (await readRunPage(services, actor, subject)) ?? notFound();
  const { view } = page;
  const reader = await readReader(actor, view.course);
  const own = view.student.id === actor.userId;
  return (
    <WidgetShell reader={reader} course={view.course} section={own ? "submissions" : "staff"} wide>
      <RunPage
        initial={view}
        nowIso={page.nowIso}
        zones={{ reader: reader.zone, course: view.course.timeZone }}
        crumbs={runCrumbs(view, page.number)}
        title={`${view.standing.runs > 1 ? `Run ${view.run.number}` : "Run"} of submission ${page.number}${own ? "" : ` by ${view.student.name}`}`}
        own={own}
        may={page.may}
        refused={refusedSentence(refused)}
        staffHref={reader.isStaff ? `/staff/runs/${view.run.id}` : null}
        plainLog={
          <PlainLog lines={page.logTail} live={!view.run.final} follows={view.standing.underWay !== null} />
        }
        logLines={page.logTail.length}
      />
    </WidgetShell>
  );
}
