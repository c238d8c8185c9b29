import type { OwnTalk } from "#app/_server/queries/course/own-talks.ts";
import { sayClock, sayDay } from "#course/deadlines/say-instant.ts";
import { presentationsPath } from "../addresses.ts";
import { TextLink } from "../page/links.tsx";
import classes from "../teams/teams.module.css";

interface Props {
  course: string;
  talks: OwnTalk[];
  /** Of the course. */
  zone: string;
  nowIso: string;
}

/** What the reader presents next, and what of it waits for them; nothing while there is none. */
export function TalkLines({ course, talks, zone, nowIso }: Props) {
  if (talks.length === 0) return null;
  return (
    <ul className={classes.waiting} aria-label="Your presentations">
      {talks.map((talk) => (
        <li key={talk.title}>
          <span>
            You present <b>{talk.title}</b>
            {talk.startsAt === null
              ? ""
              : ` on ${sayDay(talk.startsAt, zone, new Date(nowIso))}, ${sayClock(talk.startsAt, zone)}, in ${talk.room}`}
            . {talk.returned ? "Staff have sent the proposal back with a comment. " : ""}
            {talk.asked > 0 ? "Another team asks to change places with yours. " : ""}
          </span>
          <TextLink href={`${presentationsPath(course)}#yours`}>
            {talk.returned ? "Propose again" : talk.asked > 0 ? "Answer" : "See it"}
          </TextLink>
        </li>
      ))}
    </ul>
  );
}
