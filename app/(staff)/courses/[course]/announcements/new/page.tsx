import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { announcementsPath, coursePath } from "#app/_ui/addresses.ts";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Panel } from "#app/_ui/page/panel.tsx";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";
import { AnnouncementForm } from "#app/_ui/staff/edits/announcement-form.tsx";
import classes from "#app/_ui/staff/edits/edits.module.css";

interface Props {
  params: Promise<{ course: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("announcement.change", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Write an announcement", course) };
}

export default async function NewAnnouncementPage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("announcement.change", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  return (
    <WidgetShell reader={reader} course={course} section="announcements">
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "Announcements", href: announcementsPath(slug) },
        ]}
        title="Write an announcement"
        state={<span>Everybody in the course reads it once it is published.</span>}
      />
      <div className={classes.narrow}>
        <Panel title="What it says">
          <AnnouncementForm course={slug} zone={course.timeZone} edited={null} />
        </Panel>
      </div>
    </WidgetShell>
  );
}
