import { commentOnTalk } from "#app/_server/actions/talk-actions.ts";
import type { PresentationsView } from "#app/_server/queries/course/presentations.ts";
import { assignmentPath } from "../addresses.ts";
import { TextLink } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { Panel } from "../page/panel.tsx";
import { Comments } from "./comments.tsx";
import classes from "./presentations.module.css";
import { ProposalForm } from "./proposal-form.tsx";
import { SwapPanel } from "./swap-panel.tsx";
import { kindWords, namesOf, sayPlace, sayTalkDay, stateWords } from "./talk-words.ts";
import { WishesForm } from "./wishes-form.tsx";

interface Props {
  course: string;
  view: PresentationsView;
  zone: string;
}

/** The reader's presentation: who is in it, what it is, how staff see it, when it is. */
export function OwnTalk({ course, view, zone }: Props) {
  const { own, assignment } = view;
  const talk = own?.talk ?? null;
  const team = <TextLink href={`${assignmentPath(course, assignment.slug)}#team`}>Your team</TextLink>;
  const topics = view.topics.filter(({ takenBy }) => takenBy === null || takenBy === own?.teamId);
  return (
    <Panel title="Your presentation">
      {talk === null ? (
        <p>
          {own === null
            ? assignment.min > 1
              ? `You are in no team yet, and a team has at least ${assignment.min} members. `
              : assignment.max > 1
                ? "You are in no team: what you propose now is yours alone, and others can be invited to it. "
                : ""
            : `Your team: ${namesOf(own.members)}. `}
          {assignment.max > 1 ? <>{team}: invite, accept or leave there.</> : null}
        </p>
      ) : (
        <>
          <p>
            <b>{talk.title}</b> <small>{kindWords[talk.kind]}</small>
            <br />
            {namesOf(own?.members ?? [])} · {stateWords[talk.state]}
          </p>
          <p>
            {view.published
              ? `Your place: ${sayPlace(talk.place, view.days, zone) ?? "none yet"}.`
              : "Your place in the plan shows up here once it is published."}
          </p>
          {talk.state === "returned" ? (
            <Notice tone="warn">
              Staff ask for something else: read their comment below, and propose again.
            </Notice>
          ) : null}
        </>
      )}
      <details className={classes.fold} open={talk === null || talk.state === "returned"}>
        <summary>{talk === null ? "Propose a topic" : "Change the proposal"}</summary>
        <ProposalForm
          course={course}
          topics={topics.map(({ id, title, kind }) => ({ value: id, label: `${kindWords[kind]}: ${title}` }))}
          now={talk}
        />
      </details>
      {talk === null ? null : (
        <>
          {view.published || view.days.length === 0 ? null : (
            <details className={classes.fold} open={talk.wishes.preferences.length === 0}>
              <summary>When you would like to present, and when you cannot</summary>
              <WishesForm
                course={course}
                days={view.days.map((day) => ({ day: day.day, label: sayTalkDay(day, zone) }))}
                wishes={talk.wishes}
              />
            </details>
          )}
          {view.published ? <SwapPanel {...{ course, view, talk, zone }} /> : null}
          <Comments comments={talk.comments} action={commentOnTalk} hidden={{ course }} zone={zone} />
        </>
      )}
    </Panel>
  );
}
