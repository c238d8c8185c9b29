import { IconPin } from "@tabler/icons-react";
import type { AnnouncementView } from "#app/_server/queries/course/announcements.ts";
import { announcementPath } from "../addresses.ts";
import { TextLink } from "../page/links.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./announcements.module.css";
import { Markdown } from "./markdown.tsx";

interface AnnouncementListProps {
  list: AnnouncementView[];
  zones: Zones;
  nowIso: string;
  level: 2 | 3;
  /** The course whose staff read it, where they can change each. */
  changedIn?: string;
}

/** What staff told the course; before its time only they see it, and that it is not out yet. */
export function AnnouncementList({ list, zones, nowIso, level, changedIn }: AnnouncementListProps) {
  const Heading = `h${level}` as const;
  return (
    <div className={classes.list}>
      {list.map(({ slug, title, body, pinned, publishAt, published }) => (
        <article key={slug} id={slug} className={classes.one} data-pinned={pinned || undefined}>
          <Heading className={classes.title}>
            {pinned ? <IconPin size={17} role="img" aria-label="Pinned" /> : null} {title}
          </Heading>
          <p className={classes.when}>
            {published ? "" : "Not published yet: from "}
            <ZonedTime iso={publishAt} zones={zones} nowIso={nowIso} />
            {changedIn ? (
              <>
                {" · "}
                <TextLink href={announcementPath(changedIn, slug)}>Change “{title}”</TextLink>
              </>
            ) : null}
          </p>
          <Markdown text={body} />
        </article>
      ))}
    </div>
  );
}
