import { markObjective } from "#app/_server/actions/schedule-actions.ts";
import type { ClassView } from "#app/_server/queries/course/schedule.ts";
import { ActionButton } from "../page/action-button.tsx";
import classes from "./schedule.module.css";

interface ObjectivesProps {
  one: ClassView;
  course: string;
  now: Date;
  /** Staff, on the day of the class. */
  mayMark: boolean;
}

/** What a class is about, in its order, with the one where it is or stopped. */
export function Objectives({ one, course, now, mayMark }: ObjectivesProps) {
  const nowIso = now.toISOString();
  const word = nowIso < one.startsAt ? "First" : nowIso < one.endsAt ? "Now" : "Stopped here";
  if (one.objectives.length === 0) return null;
  return (
    <ol className={classes.objectives}>
      {one.objectives.map((text, index) => {
        const isCurrent = index === one.currentObjective;
        const hidden = { course, number: `${one.number}`, objective: isCurrent ? "" : `${index}` };
        return (
          <li key={text} className={classes.objective} aria-current={isCurrent ? "step" : undefined}>
            <span>{text}</span>
            {isCurrent ? <span className={classes.now}>{word}</span> : null}
            {mayMark ? (
              <ActionButton
                action={markObjective}
                hidden={hidden}
                name="mark"
                word={isCurrent ? "Take the mark away" : "Mark"}
                label={isCurrent ? `Take the mark away from: ${text}` : `Mark as where the class is: ${text}`}
              />
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}
