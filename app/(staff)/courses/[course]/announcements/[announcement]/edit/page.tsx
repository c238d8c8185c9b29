import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { findEditedAnnouncement } from "#app/_server/queries/course/edits/edited-announcement.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import type { Services } from "#app/_server/services.ts";
import { announcementsPath, coursePath } from "#app/_ui/addresses.ts";
import { News } from "#app/_ui/page/news.tsx";
import { Notice } from "#app/_ui/page/notice.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";
import { EditAnnouncement } from "#app/_ui/staff/edits/edit-announcement.tsx";
import { editNews } from "#app/_ui/staff/edits/edit-news.ts";
import classes from "#app/_ui/staff/edits/edits.module.css";

interface Props {
  params: Promise<{ course: string; announcement: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const load = async (services: Services, slug: string, announcement: string) => {
  const course = (await findCourse(services, slug)) ?? notFound();
  const edited = (await findEditedAnnouncement(services, course, announcement)) ?? notFound();
  return { course, edited };
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug, announcement } = await params;
  const { services } = await requirePage("announcement.change", { course: slug });
  const { course, edited } = await load(services, slug, announcement);
  return { title: pageTitle(`Edit: ${edited.title}`, course) };
}

export default async function EditAnnouncementPage({ params, searchParams }: Props) {
  const { course: slug, announcement } = await params;
  const { actor, services } = await requirePage("announcement.change", { course: slug });
  const { course, edited } = await load(services, slug, announcement);
  const reader = await readReader(actor, course);
  const { done, remove } = await searchParams;
  const news = editNews.announcement(done);
  return (
    <WidgetShell reader={reader} course={course} section="announcements">
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(course.slug) },
          { label: "Announcements", href: announcementsPath(course.slug) },
        ]}
        title={edited.title}
      />
      {news === null ? null : (
        <News key={`${done}`} className={classes.news} parameter="done">
          <Notice tone="ok" announce>
            {news}
          </Notice>
        </News>
      )}
      <EditAnnouncement
        course={course}
        edited={edited}
        removing={remove !== undefined}
        zones={{ reader: reader.zone, course: course.timeZone }}
      />
    </WidgetShell>
  );
}
