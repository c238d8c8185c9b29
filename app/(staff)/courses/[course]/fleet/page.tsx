import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readFleet } from "#app/_server/queries/fleet/machines.ts";
import { readSpend } from "#app/_server/queries/fleet/spend.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { Follow } from "#app/_ui/page/follow.tsx";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";
import { FleetPage, news } from "#app/_ui/staff/fleet/fleet-page.tsx";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const request = z.object({
  done: z
    .enum(Object.keys(news) as (keyof typeof news)[])
    .nullable()
    .catch(null),
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("machine.list", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Fleet", course) };
}

export default async function StaffFleetPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services, subject } = await requirePage("machine.list", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const { done } = request.parse(await searchParams);
  const [fleet, spend] = await Promise.all([
    readFleet(services, subject.courseId),
    readSpend(services, subject.courseId),
  ]);
  return (
    <WidgetShell reader={reader} course={course} section="fleet" wide>
      <FleetPage
        fleet={fleet}
        spend={spend}
        course={course}
        deployment={services.config.deployment}
        ahead={services.config.poolAhead === "deadlines"}
        done={done}
        zones={{ reader: reader.zone, course: course.timeZone }}
      />
      <Follow typing />
    </WidgetShell>
  );
}
