import type { TeamPanelView } from "#app/_server/queries/course/team-panel.ts";
import { isTeamRefusal, sayTeamRefusal } from "#course/teams/team-refusals.ts";
import { assignmentPath, teamActsPath } from "../addresses.ts";
import { plural } from "../format.ts";
import { LinkButton } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { Button } from "../plain/button.tsx";
import { TextInput } from "../plain/field.tsx";
import classes from "./teams.module.css";

/** What the address says of the reader's last act, or asks. */
export interface TeamNews {
  team: string | null;
  leave: boolean;
}

interface TeamPanelProps {
  view: TeamPanelView;
  course: string;
  assignment: { slug: string; title: string };
  userId: string;
  news: TeamNews;
}

/** Who is in the reader's team, who is asked, and whoever asks them. Plain forms: each act is a page of its own. */
export function TeamPanel(props: TeamPanelProps) {
  const { view, news, assignment } = props;
  const told = newsOf(news.team, view, assignment.title);
  return (
    <div className={classes.panel}>
      {told ? (
        <Notice tone={told.tone} announce>
          {told.sentence}
        </Notice>
      ) : null}
      <p className={classes.line}>{rulesInWords(view)}</p>
      {view.received.map((invitation) => (
        <Received key={invitation.id} {...props} invitation={invitation} />
      ))}
      <Members {...props} />
      {view.sent.map((invitation) => (
        <ActForm key={invitation.id} {...props} act="withdraw" fields={{ invitation: invitation.id }}>
          <span>
            {invitation.name} <small>invited, has not answered</small>
          </span>
          <Button type="submit" variant="default" size="xs">
            Withdraw the invitation of {invitation.name}
          </Button>
        </ActForm>
      ))}
      <Invite {...props} />
    </div>
  );
}

function rulesInWords({ rules: { min, max, acrossSections } }: TeamPanelView): string {
  const sizes =
    min === 1
      ? `You hand this in alone or in a team of up to ${max}.`
      : `You hand this in as a team of ${min === max ? min : `${min} to ${max}`}.`;
  const sections = acrossSections ? "" : " A team is of one section.";
  return `${sizes}${sections} What one of a team hands in counts for all of it, for each by their own deadline: an extension is its holder's only.`;
}

function Received({
  invitation,
  ...props
}: TeamPanelProps & { invitation: TeamPanelView["received"][number] }) {
  const { by, members } = invitation;
  const others = members.filter((name) => name !== by);
  return (
    <div className={classes.row}>
      <span>
        <b>{by}</b> invited you to {others.length > 0 ? `the team with ${others.join(", ")}` : "a team"}.
      </span>
      <span className={classes.buttons}>
        <ActForm {...props} act="accept" fields={{ invitation: invitation.id }}>
          <Button type="submit" size="xs">
            Accept, with {by}
          </Button>
        </ActForm>
        <ActForm {...props} act="decline" fields={{ invitation: invitation.id }}>
          <Button type="submit" size="xs" variant="default">
            Decline, with {by}
          </Button>
        </ActForm>
      </span>
    </div>
  );
}

function Members(props: TeamPanelProps) {
  const { view, userId, course, assignment, news } = props;
  const { team } = view;
  if (team === null) {
    return (
      <p className={classes.line}>
        {view.handedInAlone
          ? "You have handed it in alone. Only staff can put you into a team now."
          : "You are in no team. Who is in yours shows up here."}
      </p>
    );
  }
  const others = team.members.filter((one) => one.userId !== userId).map(({ name }) => name);
  const whom = others.length > 0 ? `the team with ${others.join(", ")}` : "the team that you began";
  const page = assignmentPath(course, assignment.slug);
  return (
    <>
      <ul className={classes.members} aria-label="Your team">
        {team.members.map((one) => (
          <li key={one.userId}>
            {one.name}
            {one.userId === userId ? " (you)" : ""}
          </li>
        ))}
      </ul>
      {team.locked ? (
        <p className={classes.line}>
          The team has handed in, so it stays as it is. Ask staff if it has to change.
        </p>
      ) : news.leave ? (
        <div className={classes.row}>
          <span>
            Leave {whom}? What it hands in later does not count for you; you need a new invitation to come
            back.
          </span>
          <span className={classes.buttons}>
            <ActForm {...props} act="leave" fields={{}}>
              <Button type="submit" size="xs" color="red.9">
                Leave {whom}
              </Button>
            </ActForm>
            <LinkButton href={`${page}#team`} size="compact-sm" variant="default">
              Stay
            </LinkButton>
          </span>
        </div>
      ) : (
        <p className={classes.line}>
          <LinkButton href={`${page}?leave=1#team`} size="compact-sm" variant="default">
            Leave the team
          </LinkButton>
        </p>
      )}
    </>
  );
}

function Invite(props: TeamPanelProps) {
  const { view, assignment } = props;
  const { team, rules, handedInAlone } = view;
  const size = team?.members.length ?? 1;
  if (handedInAlone || team?.locked || size >= rules.max) return null;
  const list = `classmates-of-${assignment.slug}`;
  return (
    <ActForm {...props} act="invite" fields={{}}>
      <TextInput
        name="person"
        label="Invite"
        description={`A classmate's name or e-mail address; there is room for ${plural(rules.max - size, "more", "more")}.`}
        list={list}
        maxLength={400}
        required
        autoComplete="off"
        className={classes.field}
      />
      <datalist id={list}>
        {view.classmates.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Button type="submit" variant="default">
        Invite to my team
      </Button>
    </ActForm>
  );
}

interface ActFormProps extends Pick<TeamPanelProps, "course" | "assignment"> {
  act: string;
  fields: Record<string, string>;
  children: React.ReactNode;
}

function ActForm({ course, assignment, act, fields, children }: ActFormProps) {
  return (
    <form method="post" action={teamActsPath(course, assignment.slug)} className={classes.row}>
      {Object.entries({ act, ...fields }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

const done: Record<string, string> = {
  "done-invite": "The invitation is made: it shows on the first page of whoever you invited.",
  "done-accept": "You are in the team.",
  "done-decline": "The invitation is declined.",
  "done-withdraw": "The invitation is withdrawn.",
  "done-leave": "You have left the team.",
};

function newsOf(code: string | null, view: TeamPanelView, assignment: string) {
  if (code === null) return null;
  const said = Object.hasOwn(done, code) ? done[code] : undefined;
  if (said !== undefined) return { tone: "ok" as const, sentence: said };
  if (!isTeamRefusal(code)) return null;
  return {
    tone: "bad" as const,
    sentence: sayTeamRefusal(code, { assignment, rules: view.rules, name: view.about }),
  };
}
