import type { Metadata } from "next";
import { z } from "zod";
import { requirePage } from "#app/_server/page.ts";
import { readHome } from "#app/_server/queries/course/home.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { CourseHome } from "#app/_ui/home/course-home.tsx";
import { LastRuns } from "#app/_ui/home/last-runs.tsx";
import { PlatformNotices } from "#app/_ui/home/platform-notices.tsx";
import { Welcome } from "#app/_ui/home/welcome.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const noticeId = z.string().nullable().catch(null);
const newsOf = z.object({ done: noticeId, opened: noticeId });

export async function generateMetadata(): Promise<Metadata> {
  const { actor } = await requirePage("site.view");
  return actor ? { title: "Home" } : {};
}

export default async function HomePage({ searchParams }: Props) {
  const { actor, services } = await requirePage("site.view");
  const reader = await readReader(actor, null);
  if (!actor) {
    return (
      <Shell reader={reader} course={null} section="home">
        <Welcome />
      </Shell>
    );
  }
  const home = await readHome(services, actor, reader.zone);
  const news = newsOf.parse(await searchParams);
  const zones = { reader: reader.zone, course: home.courses[0]?.course.timeZone ?? reader.zone };
  const nowIso = services.clock().toISOString();
  return (
    <Shell reader={reader} course={null} section="home">
      <PageHead title={`Hello, ${actor.name}`} />
      {home.courses.length === 0 ? (
        <Panel title="Your courses" flush>
          <EmptyState title="You are in no course yet.">
            Courses show up here once their staff enrolled {actor.email}. If yours is missing, write to them.
          </EmptyState>
        </Panel>
      ) : null}
      <div id="notices" />
      <PlatformNotices list={home.platform} zones={zones} news={news} />
      {home.courses.map((one) => (
        <CourseHome key={one.course.slug} home={one} zone={reader.zone} nowIso={nowIso} news={news} />
      ))}
      {home.courses.some((one) => one.staff === null) || home.lastRuns.length > 0 ? (
        <LastRuns runs={home.lastRuns} zone={reader.zone} nowIso={nowIso} />
      ) : null}
    </Shell>
  );
}
