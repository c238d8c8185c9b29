import { judgeTalk } from "#app/_server/actions/talk-actions.ts";
import type { TalkLine } from "#app/_server/queries/course/presentations.ts";
import { ActionButton } from "../../page/action-button.tsx";
import { Comments } from "../comments.tsx";
import classes from "../presentations.module.css";
import { kindWords, namesOf, stateWords } from "../talk-words.ts";
import { JudgeForm } from "./judge-form.tsx";

interface Props {
  course: string;
  talk: TalkLine;
  zone: string;
}

/** One team's proposal, with what staff can do about it. */
export function ProposalCard({ course, talk, zone }: Props) {
  const { teamId: team, title, state } = talk;
  return (
    <article className={classes.card}>
      <h3 className={classes.day}>
        {talk.link ? (
          <a href={talk.link} rel="noreferrer">
            {title}
          </a>
        ) : (
          title
        )}{" "}
        <small>
          {kindWords[talk.kind]}
          {talk.paperId === null ? ", not of the list" : ""} · {stateWords[state]}
        </small>
      </h3>
      <p className={classes.who}>{namesOf(talk.members)}</p>
      <p className={classes.summary}>{talk.summary}</p>
      {state === "approved" ? null : (
        <div className={classes.row}>
          <ActionButton
            action={judgeTalk}
            hidden={{ course, team, how: "approve" }}
            name="approve"
            word="Approve"
            label={`Approve: ${title}`}
            variant="filled"
          />
        </div>
      )}
      {state === "returned" ? null : (
        <details className={classes.fold}>
          <summary>Send it back</summary>
          <JudgeForm course={course} team={team} title={title} />
        </details>
      )}
      <Comments
        comments={talk.comments}
        action={judgeTalk}
        hidden={{ course, team, how: "comment" }}
        zone={zone}
      />
    </article>
  );
}
