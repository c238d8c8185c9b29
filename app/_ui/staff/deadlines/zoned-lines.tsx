import type { SaidInstant } from "#course/deadlines/say-instant.ts";
import { clockOf } from "../../time/deadline-block.tsx";
import { SaidTime } from "../../time/said-time.tsx";
import classes from "./deadlines.module.css";

/** The end of an extension as the syllabus would say it, and on a line of its own by each other clock that matters. */
export function ZonedLines({ at }: { at: SaidInstant }) {
  return (
    <ul className={classes.zoned}>
      <li>
        <SaidTime at={at} />
      </li>
      {at.others.map(({ whose, said }) => (
        <li key={whose}>
          {clockOf[whose]}: {said}
        </li>
      ))}
    </ul>
  );
}
