import type { ZonedInstant } from "#course/deadlines/describe-deadline.ts";
import { distinctTexts } from "../../time/zone-lines.ts";
import classes from "./deadlines.module.css";

/** An instant on one line for each zone that matters, Anywhere on Earth first. */
export function ZonedLines({ at }: { at: ZonedInstant }) {
  return (
    <ul className={classes.zoned}>
      {distinctTexts([at.aoe, at.course, at.reader]).map((text) => (
        <li key={text.zoneName}>
          {text.text} <abbr title={text.zoneName}>{text.abbreviation}</abbr>
        </li>
      ))}
    </ul>
  );
}
