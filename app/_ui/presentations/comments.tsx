import type { FormState } from "#app/_server/actions/form-state.ts";
import type { TalkLine } from "#app/_server/queries/course/presentations.ts";
import { sayInstant } from "#course/deadlines/say-instant.ts";
import { CommentForm } from "./comment-form.tsx";
import classes from "./presentations.module.css";

interface Props {
  comments: TalkLine["comments"];
  action: (previous: FormState, form: FormData) => Promise<FormState>;
  hidden: Record<string, string>;
  zone: string;
}

/** What staff and the team say to each other, the oldest first. */
export function Comments({ comments, action, hidden, zone }: Props) {
  return (
    <details className={classes.fold} open={comments.length > 0}>
      <summary>Comments, between staff and the team: {comments.length}</summary>
      <ul className={classes.comments}>
        {comments.map(({ id, by, text, at }) => (
          <li key={id}>
            <b>{by}</b> <small>{sayInstant(new Date(at), zone)}</small>
            <p>{text}</p>
          </li>
        ))}
      </ul>
      <CommentForm action={action} hidden={hidden} />
    </details>
  );
}
