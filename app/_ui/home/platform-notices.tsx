import type { NoticeList } from "#app/_server/queries/staff-notices.ts";
import { type NoticeNews, StaffNotices } from "../notices/staff-notices.tsx";
import type { Zones } from "../time/zoned-time.tsx";
import classes from "./home.module.css";

interface PlatformNoticesProps {
  /** null for who is nobody's staff. */
  list: NoticeList | null;
  zones: Zones;
  news: NoticeNews;
}

/** What concerns every course; nothing where nothing ever did. */
export function PlatformNotices({ list, zones, news }: PlatformNoticesProps) {
  if (list === null || list.openTotal + list.closed.length === 0) return null;
  return (
    <div className={classes.stack}>
      <StaffNotices
        title="Drydock itself"
        courseId={null}
        list={list}
        zones={zones}
        news={news}
        rest={null}
        empty="Trouble that concerns every course, such as machines that cannot be started, shows up here."
      />
    </div>
  );
}
