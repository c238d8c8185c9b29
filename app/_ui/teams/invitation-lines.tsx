import type { InvitationLine } from "#app/_server/queries/course/team-invitations.ts";
import { assignmentPath } from "../addresses.ts";
import { LinkButton } from "../page/links.tsx";
import classes from "./teams.module.css";

/** Teams that wait for the reader's answer; nothing while none does. */
export function InvitationLines({ course, invitations }: { course: string; invitations: InvitationLine[] }) {
  if (invitations.length === 0) return null;
  return (
    <ul className={classes.waiting} aria-label="Invitations to teams">
      {invitations.map(({ id, by, assignment }) => (
        <li key={id}>
          <span>
            <b>{by}</b> invited you to a team for {assignment.title}.
          </span>
          <LinkButton href={`${assignmentPath(course, assignment.slug)}#team`} size="compact-sm">
            Answer<span className="sr"> {by}</span>
          </LinkButton>
        </li>
      ))}
    </ul>
  );
}
