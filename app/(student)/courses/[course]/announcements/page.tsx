import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { decide } from "#app/_server/access/permissions.ts";
import { requirePage } from "#app/_server/page.ts";
import { listAnnouncements } from "#app/_server/queries/course/announcements.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { listRemovedAnnouncements } from "#app/_server/queries/course/edits/edited-announcement.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { announcementPath, coursePath, newAnnouncementPath } from "#app/_ui/addresses.ts";
import { AnnouncementList } from "#app/_ui/announcements/announcement-list.tsx";
import { LinkButton, TextLink } from "#app/_ui/page/links.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Announcements", course) };
}

export default async function AnnouncementsPage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services, subject } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const mayChange = decide("announcement.change", actor, subject) === "allowed";
  const [list, removed] = await Promise.all([
    listAnnouncements(services, subject.courseId, reader),
    mayChange ? listRemovedAnnouncements(services, subject.courseId) : [],
  ]);
  const zones = { reader: reader.zone, course: course.timeZone };
  return (
    <Shell reader={reader} course={course} section="announcements">
      <PageHead
        crumbs={[{ label: course.code, href: coursePath(slug) }]}
        title="Announcements"
        actions={
          mayChange ? <LinkButton href={newAnnouncementPath(slug)}>Write an announcement</LinkButton> : null
        }
      />
      {list.length === 0 ? (
        <Panel title="Announcements" flush>
          <EmptyState title="Nothing was announced yet.">
            What staff tell the whole course shows up here.
          </EmptyState>
        </Panel>
      ) : (
        <AnnouncementList
          {...{ list, zones, nowIso: services.clock().toISOString(), level: 2 }}
          changedIn={mayChange ? slug : undefined}
        />
      )}
      {removed.length > 0 ? (
        <p>
          Removed by staff:{" "}
          {removed.map((one, index) => (
            <span key={one.slug}>
              {index > 0 ? ", " : ""}
              <TextLink href={announcementPath(slug, one.slug)}>{one.title}</TextLink>
            </span>
          ))}
        </p>
      ) : null}
    </Shell>
  );
}
