import type { ShownLines as Excerpt } from "#grading/protocol/messages.ts";
import { plural } from "../../format.ts";
import { plainText } from "../log/ansi.ts";
import classes from "./shown-lines.module.css";

/** What the check saw, such as the last lines of the student's program: data, shown as the log's lines are. */
export function ShownLines({ excerpt: { title, lines, leftOut } }: { excerpt: Excerpt }) {
  return (
    <details open className={classes.shown}>
      <summary>
        {title} <small>{plural(lines.length, "line")}</small>
      </summary>
      {leftOut > 0 ? (
        <p className={classes.leftOut}>{plural(leftOut, "line")} before the first one here are left out.</p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long output is scrolled by keyboard too */}
      <pre className={classes.lines} tabIndex={0}>
        {lines.map(plainText).join("\n")}
      </pre>
    </details>
  );
}
