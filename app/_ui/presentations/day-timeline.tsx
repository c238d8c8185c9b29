import type { PresentationsView } from "#app/_server/queries/course/presentations.ts";
import { sayClock } from "#course/deadlines/say-instant.ts";
import { talkTimerPath } from "../addresses.ts";
import { TextLink } from "../page/links.tsx";
import { EmptyState } from "../page/panel.tsx";
import classes from "./presentations.module.css";
import { kindWords, namesOf, sayTalkDay } from "./talk-words.ts";

interface Props {
  course: string;
  view: PresentationsView;
  zone: string;
  now: Date;
}

/** Each day with its talks in their order. */
export function DayTimeline({ course, view, zone, now }: Props) {
  if (view.days.length === 0) {
    return <EmptyState title="No day yet.">The course's schedule has no day of presentations.</EmptyState>;
  }
  return (
    <div className={classes.days}>
      {view.days.map((day) => (
        <section key={day.day} aria-label={sayTalkDay(day, zone, now)}>
          <h3 className={classes.day}>
            {sayTalkDay(day, zone, now)}{" "}
            <small>
              class {day.number}, {day.room}, {day.minutes} minutes each ·{" "}
              <TextLink href={talkTimerPath(course, day.number)}>Timer for the room</TextLink>
            </small>
          </h3>
          <ol className={classes.talks}>
            {day.starts.map((start, index) => {
              const talk = view.talks.find(
                ({ place }) => place?.day === day.day && place.position === index + 1,
              );
              return (
                <li key={start} data-own={(talk && talk.teamId === view.own?.teamId) || undefined}>
                  <time dateTime={start}>{sayClock(new Date(start), zone)}</time>
                  {talk ? (
                    <div>
                      <b>
                        {talk.link ? (
                          <a href={talk.link} rel="noreferrer">
                            {talk.title}
                          </a>
                        ) : (
                          talk.title
                        )}
                      </b>
                      <div className={classes.who}>
                        {kindWords[talk.kind]} · {namesOf(talk.members)}
                      </div>
                    </div>
                  ) : (
                    <span className={classes.who}>free</span>
                  )}
                </li>
              );
            })}
          </ol>
        </section>
      ))}
    </div>
  );
}
