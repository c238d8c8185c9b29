import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ComponentProps, ReactNode } from "react";
import type { Worth } from "#course/gradebook/course-worth.ts";
import { formatPoints, plural, worthText } from "../format.ts";
import { LinkButton } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { ScrollBox } from "../page/scroll-box.tsx";
import { Score } from "../state/score.tsx";
import { CodeBlock } from "./code-block.tsx";
import classes from "./tutorial.module.css";

export interface TutorialExercise {
  slug: string;
  title: string;
  href: string;
  /** null while the exercise cannot be read. */
  maxPoints: number | null;
  attempts: number;
  /** What it is worth in the course; null while nobody knows. */
  share: number | null;
  /** Points of the attempt that counts; null while there are none. */
  points: number | null;
  /** The same in the course's points. */
  worth: Worth | null;
  /** What its checks came to, of how much. */
  score: number | null;
  maxScore: number | null;
}

function Note({ kind = "tip", children }: { kind?: "tip" | "warning"; children: ReactNode }) {
  return (
    <div className={classes.note}>
      <Notice tone={kind === "warning" ? "warn" : "info"}>
        <span className="sr">{kind === "warning" ? "Warning: " : "Tip: "}</span>
        {children}
      </Notice>
    </div>
  );
}

/** What stands where the reader ends: the exercise, what it is worth, how far they are, and the way to it. */
export function ExerciseCard({ exercise }: { exercise: TutorialExercise }) {
  return (
    <div className={classes.exercise}>
      <div>
        <p>
          <b>{exercise.title}</b>
        </p>
        <small>
          {pointsOf(exercise)}
          {exercise.attempts > 0
            ? ` · ${plural(exercise.attempts, "submission")}`
            : " · nothing handed in yet"}
        </small>
      </div>
      {exercise.points === null ? null : (
        <Score score={exercise.score} maxScore={exercise.maxScore}>
          {exercise.worth ? worthText(exercise.worth) : `${formatPoints(exercise.points)} points`}
        </Score>
      )}
      <LinkButton
        href={exercise.href}
        // With all points there is nothing to gain by it.
        variant={exercise.score !== null && exercise.score === exercise.maxScore ? "default" : "filled"}
      >
        {exercise.attempts > 0 ? "Submit again" : "Submit"}
      </LinkButton>
    </div>
  );
}

function pointsOf({ maxPoints, share }: TutorialExercise): string {
  if (maxPoints === null) return "cannot be read at the moment";
  return `${formatPoints(share ?? maxPoints)} points`;
}

const copyIcons = {
  copy: <IconCopy size={13} aria-hidden />,
  copied: <IconCheck size={13} aria-hidden />,
};

/** The components that a course's MDX may use, for one assignment. */
export function tutorialComponents(exercises: TutorialExercise[]) {
  return {
    Note,
    Exercise({ slug }: { slug: string }) {
      const exercise = exercises.find((one) => one.slug === slug);
      return exercise ? (
        <ExerciseCard exercise={exercise} />
      ) : (
        <Notice tone="warn">The exercise {slug} is not part of this assignment; tell staff.</Notice>
      );
    },
    pre: (pre: Omit<ComponentProps<typeof CodeBlock>, "icons">) => <CodeBlock {...pre} icons={copyIcons} />,
    // A column without a name has no header: an empty one is read out as such.
    th: ({ children, ...props }: ComponentProps<"th">) =>
      children === undefined ? <td {...props} /> : <th {...props}>{children}</th>,
    table: (props: ComponentProps<"table">) => (
      <ScrollBox className={classes.tablebox} label="Table">
        <table {...props} />
      </ScrollBox>
    ),
  };
}
