import { closeNotice, reopenNotice } from "#app/_server/actions/notice-actions.ts";
import type { NoticeLine, NoticeList } from "#app/_server/queries/staff-notices.ts";
import { plural } from "../format.ts";
import { ActionButton } from "../page/action-button.tsx";
import { TextLink } from "../page/links.tsx";
import { News } from "../page/news.tsx";
import { Notice } from "../page/notice.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { WithCode } from "../page/with-code.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import { noticesAnchor } from "./notices-anchor.ts";
import classes from "./staff-notices.module.css";

/** What the reader has just done, by the notice's id. */
export interface NoticeNews {
  done: string | null;
  opened: string | null;
}

interface StaffNoticesProps {
  title: string;
  /** null: the platform's own. */
  courseId: string | null;
  list: NoticeList;
  zones: Zones;
  news: NoticeNews;
  /** Where all of it can be looked through; null: nowhere else. */
  rest: { href: string; label: string } | null;
  /** What shows up here, for when nothing does. */
  empty: string;
}

/** What staff must know and deal with: the open notices, then, folded, those that are done. */
export function StaffNotices({ courseId, ...props }: StaffNoticesProps) {
  return (
    <div id={noticesAnchor(courseId)}>
      <NoticesPanel {...props} />
    </div>
  );
}

function NoticesPanel({ title, list, zones, news, rest, empty }: Omit<StaffNoticesProps, "courseId">) {
  const { open, openTotal, closed } = list;
  const justDone = closed.find((line) => line.id === news.done);
  const justOpened = open.find((line) => line.id === news.opened);
  return (
    <Panel title={title} aside={<span className="num">{plural(openTotal, "open notice")}</span>} flush>
      {justDone ? (
        <News key={`done ${justDone.id}`} className={classes.done}>
          <Notice tone="ok">“{justDone.title}” is marked as done.</Notice>
          <NoticeButton notice={justDone} does="reopen" word="Undo" />
        </News>
      ) : null}
      {justOpened ? (
        <News key={`opened ${justOpened.id}`} className={classes.done}>
          <Notice tone="ok">“{justOpened.title}” is open again.</Notice>
        </News>
      ) : null}
      {open.length === 0 ? <EmptyState title="Nothing waits for you.">{empty}</EmptyState> : null}
      <ul className={classes.list}>
        {open.map((line) => (
          <OpenLine key={line.id} line={line} zones={zones} />
        ))}
      </ul>
      {openTotal > open.length ? (
        <p className={classes.more}>
          {openTotal - open.length} older ones show up here as these are done.{" "}
          {rest ? <TextLink href={rest.href}>{rest.label}</TextLink> : null}
        </p>
      ) : null}
      {closed.length > 0 ? (
        <details className={classes.closed}>
          <summary>Done lately: {closed.length}</summary>
          <ul className={classes.list}>
            {closed.map((line) => (
              <ClosedLine key={line.id} line={line} zones={zones} />
            ))}
          </ul>
        </details>
      ) : null}
    </Panel>
  );
}

function OpenLine({ line, zones }: { line: NoticeLine; zones: Zones }) {
  return (
    <li className={classes.line}>
      <div>
        <h3>{line.title}</h3>
        {line.link ? <TextLink href={line.link.href}>{line.link.label}</TextLink> : null}
        <p>{line.reason}</p>
        {line.fix ? (
          <p className={classes.fix}>
            <WithCode text={line.fix} />
          </p>
        ) : null}
        <Seen line={line} zones={zones} />
      </div>
      <NoticeButton notice={line} does="close" word="Mark as done" />
    </li>
  );
}

function ClosedLine({ line, zones }: { line: NoticeLine; zones: Zones }) {
  return (
    <li className={classes.line}>
      <div>
        <h3>{line.title}</h3>
        {line.link ? <TextLink href={line.link.href}>{line.link.label}</TextLink> : null}
        <p>{line.reason}</p>
        <Seen line={line} zones={zones} />
        {line.closed ? (
          <p className={classes.seen}>
            {line.closed.by === null ? "Over, as Drydock saw, " : `Marked as done by ${line.closed.by} `}
            <ZonedTime iso={line.closed.at} zones={zones} />
          </p>
        ) : null}
      </div>
      <NoticeButton notice={line} does="reopen" word="Open again" />
    </li>
  );
}

function Seen({ line, zones }: { line: NoticeLine; zones: Zones }) {
  if (line.count === 1) {
    return (
      <p className={classes.seen}>
        Seen once, <ZonedTime iso={line.firstSeen} zones={zones} />
      </p>
    );
  }
  return (
    <p className={classes.seen}>
      Seen {line.count} times, first <ZonedTime iso={line.firstSeen} zones={zones} />, last{" "}
      <ZonedTime iso={line.lastSeen} zones={zones} />
    </p>
  );
}

interface NoticeButtonProps {
  notice: { id: string; title: string };
  does: "close" | "reopen";
  word: string;
}

/** Marks a notice as done, or takes that back. */
const NoticeButton = ({ notice: { id, title }, does, word }: NoticeButtonProps) => (
  <ActionButton
    action={does === "close" ? closeNotice : reopenNotice}
    hidden={{ notice: id }}
    name={does}
    word={word}
    label={`${word}: ${title}`}
  />
);
