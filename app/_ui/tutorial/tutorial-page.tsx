import type { ReactNode } from "react";
import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { pointsText } from "../format.ts";
import { LinkButton } from "../page/links.tsx";
import { DeadlineBlock, DeadlineTag } from "../time/deadline-block.tsx";
import { Due } from "../time/due.tsx";
import { Around, type AroundLinks } from "./around.tsx";
import type { CompiledTutorial } from "./compile-tutorial.ts";
import { Contents } from "./contents.tsx";
import classes from "./tutorial.module.css";
import { ExerciseCard, type TutorialExercise, tutorialComponents } from "./tutorial-parts.tsx";

interface TutorialPageProps {
  line: AssignmentLine;
  exercises: TutorialExercise[];
  tutorial: CompiledTutorial;
  nowIso: string;
  /** The tutorials with a page before and after this one; null at either end. */
  around: AroundLinks;
  /** The reader's team; null where there are none, and for staff. */
  team: ReactNode;
  /** Where staff manage it; null for everybody else. */
  staffLinks: ReactNode;
}

const yourTeam = { id: "team", text: "Your team", level: 2 as const };
const handIn = { id: "hand-in", text: "Hand in", level: 2 as const };

/** The text, with points and deadline always in sight, and the way to submit at its end. */
export function TutorialPage(props: TutorialPageProps) {
  const { line, exercises, tutorial, nowIso, around, team, staffLinks } = props;
  const { Content, headings } = tutorial;
  const { due, status } = line.deadline;
  const [first] = exercises;
  return (
    <>
      <div className={classes.bar}>
        <span className={classes.name}>{line.title}</span>
        <span className="num">{pointsText(line)}</span>
        <DeadlineTag status={status} />
        <span className={classes.due}>
          <Due at={due} nowIso={nowIso} />
        </span>
        {staffLinks}
        {first ? (
          <LinkButton href={first.href} size="compact-sm" shortcut="s">
            Submit
          </LinkButton>
        ) : null}
      </div>
      <div className={classes.layout}>
        <article className={classes.prose}>
          <Content components={tutorialComponents(exercises)} />
          {team ? (
            <>
              <h2 id="team">Your team</h2>
              {team}
            </>
          ) : null}
          <h2 id="hand-in">Hand in</h2>
          <DeadlineBlock deadline={line.deadline} nowIso={nowIso} />
          <br />
          {exercises.length === 0 ? <p>{line.handIn ?? "Nothing is handed in for this one."}</p> : null}
          {exercises.map((exercise) => (
            <ExerciseCard key={exercise.slug} exercise={exercise} />
          ))}
          <Around {...around} />
        </article>
        <Contents headings={[...headings, ...(team ? [yourTeam] : []), handIn]} />
      </div>
    </>
  );
}
