import type { StaffTeam, StaffTeamsView } from "#app/_server/queries/course/staff-teams.ts";
import { assignmentPath, coursePath, deadlinesPath, teamsPath } from "../../addresses.ts";
import { plural } from "../../format.ts";
import { LinkButton, TextLink } from "../../page/links.tsx";
import { Notice } from "../../page/notice.tsx";
import { PageHead } from "../../page/page-head.tsx";
import { EmptyState, Panel } from "../../page/panel.tsx";
import { RowsTable } from "../../page/rows-table.tsx";
import { personLabel } from "../person-label.ts";
import { AddForm } from "./add-form.tsx";
import { FixForm } from "./fix-form.tsx";
import classes from "./teams.module.css";
import type { TeamsRequest } from "./teams-request.ts";

interface StaffTeamsProps {
  view: StaffTeamsView;
  course: { slug: string; code: string };
  request: TeamsRequest;
}

/** Every team of an assignment, who is in none, and what staff put right. */
export function StaffTeams({ view, course, request }: StaffTeamsProps) {
  const { assignment, rules, teams, without } = view;
  const base = teamsPath(course.slug, assignment.slug);
  const page = { course: course.slug, assignment: assignment.slug };
  const news = newsOf(view, request);
  return (
    <>
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(course.slug) },
          { label: assignment.title, href: assignmentPath(course.slug, assignment.slug) },
        ]}
        title={`${assignment.title}: teams`}
        state={
          <>
            <span className="num">{plural(teams.length, "team")}</span>
            <span className="num">{plural(without.length, "student")} without one</span>
            {rules ? <span className="num">{sizeInWords(rules)}</span> : null}
          </>
        }
        actions={
          <LinkButton href={deadlinesPath(course.slug, assignment.slug)} variant="default">
            Deadline and extensions
          </LinkButton>
        }
      />
      <div className={classes.stack}>
        {news ? (
          <Notice tone="ok" announce>
            {news}
          </Notice>
        ) : null}
        {rules ? null : (
          <Notice tone="info">
            Everybody hands this in alone. To let students form teams, say team: {"{min: 1, max: 2}"} of it in
            course.yaml and sync the course.
          </Notice>
        )}
        <Asked {...{ view, request, page, base }} />
        <Panel title="Teams" flush>
          <TeamsTable teams={teams} base={base} most={rules?.max ?? 0} />
        </Panel>
        {rules ? (
          <>
            <Panel
              title="Without a team"
              aside={<span className="num">{plural(without.length, "student")}</span>}
            >
              <Without without={without} base={base} />
            </Panel>
            <div id="fix">
              <Panel title="Put a student into a team">
                <AddForm
                  key={`${request.add} ${request.to}`}
                  page={page}
                  students={without.map(personLabel)}
                  teams={teams.map((team) => ({ value: team.id, label: namesOf(team) }))}
                  chosen={chosenOf(view, request)}
                />
              </Panel>
            </div>
          </>
        ) : null}
      </div>
    </>
  );
}

const sizeInWords = ({ min, max }: { min: number; max: number }) =>
  min === max ? `${min} in each` : `${min} to ${max} in each`;

const namesOf = ({ members }: StaffTeam) => members.map(({ name }) => name).join(", ");

function TeamsTable({ teams, base, most }: { teams: StaffTeam[]; base: string; most: number }) {
  if (teams.length === 0) {
    return (
      <EmptyState title="No team yet.">
        Teams show up here once students have invited each other, or staff have put them together.
      </EmptyState>
    );
  }
  return (
    <RowsTable
      label="Teams"
      rows={teams}
      rowKey={({ id }) => id}
      columns={[
        { name: "Members", cell: (team) => <Members team={team} base={base} /> },
        { name: "Invited", cell: ({ invited }) => (invited.length === 0 ? null : invited.join(", ")) },
        {
          name: "State",
          cell: ({ locked, submissions }) =>
            locked
              ? `locked: ${plural(submissions, "submission")}`
              : submissions > 0
                ? `unlocked: ${plural(submissions, "submission")}`
                : "nothing handed in",
        },
        {
          name: "Change",
          cell: (team) => (
            <span className={classes.acts}>
              {team.members.length < most ? (
                <TextLink href={`${base}?to=${team.id}#fix`}>
                  Add somebody<span className="sr"> to {namesOf(team)}</span>
                </TextLink>
              ) : null}
              {team.locked ? (
                <TextLink href={`${base}?unlock=${team.id}#asked`}>
                  Unlock<span className="sr"> {namesOf(team)}</span>
                </TextLink>
              ) : null}
            </span>
          ),
        },
      ]}
    />
  );
}

function Members({ team, base }: { team: StaffTeam; base: string }) {
  return (
    <ul className={classes.members}>
      {team.members.map(({ userId, name, section, left }) => (
        <li key={userId}>
          {name} <small>{left ? "no longer a student here" : section}</small>{" "}
          <TextLink href={`${base}?remove=${userId}&team=${team.id}#asked`}>
            Take out<span className="sr"> {name}</span>
          </TextLink>
        </li>
      ))}
    </ul>
  );
}

function Without({ without, base }: { without: StaffTeamsView["without"]; base: string }) {
  if (without.length === 0) return <p className={classes.line}>Every student is in a team.</p>;
  return (
    <ul className={classes.names}>
      {without.map(({ userId, name, section }) => (
        <li key={userId}>
          <TextLink href={`${base}?add=${userId}#fix`}>{name}</TextLink>
          {section ? `, ${section}` : ""}
        </li>
      ))}
    </ul>
  );
}

interface AskedProps extends Pick<StaffTeamsProps, "view" | "request"> {
  page: { course: string; assignment: string };
  base: string;
}

/** What a link of the table has asked for, to be confirmed by name. */
function Asked({ view, request, page, base }: AskedProps) {
  const unlocked = view.teams.find(({ id, locked }) => locked && id === request.unlock);
  if (unlocked) {
    return (
      <div id="asked">
        <Panel title={`Unlock the team of ${namesOf(unlocked)}?`}>
          <FixForm
            {...{ page, act: "unlock", team: unlocked.id, student: "", stay: base }}
            consequence="Its students can invite and leave again until it hands in once more. What it has handed in stays, and counts for whoever is in it."
            word={`Unlock the team of ${namesOf(unlocked)}`}
          />
        </Panel>
      </div>
    );
  }
  const team = view.teams.find(({ id }) => id === request.team);
  const member = team?.members.find(({ userId }) => userId === request.remove);
  if (team === undefined || member === undefined) return null;
  return (
    <div id="asked">
      <Panel title={`Take ${member.name} out of the team?`}>
        <FixForm
          {...{ page, act: "remove", team: team.id, student: member.userId, stay: base }}
          consequence={`What the team has handed in counts for ${member.name} no more, but for what ${member.name} sent. You can put ${member.name} back.`}
          word={`Take ${member.name} out of the team`}
        />
      </Panel>
    </div>
  );
}

function chosenOf({ people, teams }: StaffTeamsView, request: TeamsRequest) {
  const student = people.find(({ userId }) => userId === request.add);
  return {
    student: student ? personLabel(student) : "",
    team: teams.find(({ id }) => id === request.to)?.id ?? "",
  };
}

/** What was just done, as it stands now; nothing when somebody has changed it since. */
function newsOf({ people, teams }: StaffTeamsView, { done, student, team }: TeamsRequest): string | null {
  const name = people.find(({ userId }) => userId === student)?.name;
  const own = teams.find(({ members }) => members.some(({ userId }) => userId === student));
  if (done === "add" && name !== undefined && own) return `${name} is in the team of ${namesOf(own)} now.`;
  if (done === "remove" && name !== undefined && !own) return `${name} is in no team now.`;
  const unlocked = teams.find(({ id, locked }) => id === team && !locked);
  return done === "unlock" && unlocked ? `The team of ${namesOf(unlocked)} is unlocked.` : null;
}
