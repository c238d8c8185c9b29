import type { ComponentProps, ReactNode } from "react";
import { formatPoints, plural } from "../format.ts";
import { LinkButton } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { ScrollBox } from "../page/scroll-box.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { CodeBlock } from "./code-block.tsx";
import classes from "./tutorial.module.css";

export interface TutorialExercise {
  slug: string;
  title: string;
  href: string;
  /** null while the exercise cannot be read. */
  maxPoints: number | null;
  attempts: number;
  /** Points of the attempt that counts; null while there are none. */
  points: number | null;
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
          {exercise.maxPoints === null
            ? "cannot be read at the moment"
            : `${formatPoints(exercise.maxPoints)} points`}
          {exercise.attempts > 0
            ? ` · ${plural(exercise.attempts, "submission")}`
            : " · nothing handed in yet"}
        </small>
      </div>
      {exercise.points === null ? null : (
        <StateTag
          state="counts"
          word={
            exercise.maxPoints === null
              ? `${formatPoints(exercise.points)} points`
              : `${formatPoints(exercise.points)} of ${formatPoints(exercise.maxPoints)}`
          }
        />
      )}
      <LinkButton href={exercise.href}>{exercise.attempts > 0 ? "Submit again" : "Submit"}</LinkButton>
    </div>
  );
}

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
    pre: CodeBlock,
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
