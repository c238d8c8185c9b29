import type { PresentationsView } from "#app/_server/queries/course/presentations.ts";
import { assignmentPath } from "../addresses.ts";
import { TextLink } from "../page/links.tsx";
import { News } from "../page/news.tsx";
import { Notice } from "../page/notice.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { DayTimeline } from "./day-timeline.tsx";
import { OwnTalk } from "./own-talk.tsx";
import classes from "./presentations.module.css";
import { kindWords } from "./talk-words.ts";

/** What the reader has just done, by the address. */
export const talkNews = {
  proposed: "Your proposal is with staff: they approve it, or say what to change.",
  wished: "Your wishes are kept for the plan.",
  said: "Your comment is there.",
  asked: "The other team is asked: their talk and yours change places once they accept.",
  accept: "The two talks have changed places.",
  decline: "You have declined: both talks stay where they are.",
  withdraw: "Your question is withdrawn.",
} as const;

interface Props {
  course: string;
  view: PresentationsView;
  zone: string;
  now: Date;
  isStaff: boolean;
  done: keyof typeof talkNews | null;
}

/** Who presents what and when, what there is to choose from, and the reader's own talk. */
export function PresentationsPageView({ course, view, zone, now, isStaff, done }: Props) {
  return (
    <div className={classes.stack}>
      {done ? (
        <News key={done} parameter="done">
          <Notice tone="ok">{talkNews[done]}</Notice>
        </News>
      ) : null}
      {isStaff ? null : (
        <div id="yours">
          <OwnTalk {...{ course, view, zone }} />
        </div>
      )}
      <Panel title="The days">
        {view.published || isStaff ? (
          <>
            {view.published ? null : (
              <Notice tone="info">This plan is not published yet: students do not see it.</Notice>
            )}
            <DayTimeline {...{ course, view, zone, now }} />
          </>
        ) : (
          <EmptyState title="Not planned yet.">
            Who presents when shows up here once staff have published the plan.
          </EmptyState>
        )}
      </Panel>
      <Panel title="Topics to choose from">
        {view.topics.length === 0 ? (
          <EmptyState title="No list yet.">Propose a topic of your own.</EmptyState>
        ) : (
          <ul className={classes.topics}>
            {view.topics.map(({ id, title, kind, link, takenBy }) => (
              <li key={id} data-taken={takenBy !== null || undefined}>
                <span>
                  {link ? (
                    <a href={link} rel="noreferrer">
                      {title}
                    </a>
                  ) : (
                    title
                  )}{" "}
                  <small>{kindWords[kind]}</small>
                </span>
                <small>{takenBy === null ? "free" : takenBy === view.own?.teamId ? "yours" : "taken"}</small>
              </li>
            ))}
          </ul>
        )}
        <p>
          Another topic is as welcome.{" "}
          <TextLink href={assignmentPath(course, view.assignment.slug)}>{view.assignment.title}</TextLink>{" "}
          says what is asked for.
        </p>
      </Panel>
    </div>
  );
}
