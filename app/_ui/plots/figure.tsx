import type { ReactNode } from "react";
import classes from "./plots.module.css";

interface FigureProps {
  caption: ReactNode;
  /** What the picture shows, in one sentence. */
  label: string;
  width: number;
  height: number;
  children: ReactNode;
  /** The same in numbers, one click away. */
  table: ReactNode;
}

/** A plot drawn on the server: it needs no script, prints, and has its numbers behind it. */
export function Figure({ caption, label, width, height, children, table }: FigureProps) {
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>{caption}</figcaption>
      <svg className={classes.svg} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {children}
      </svg>
      <details>
        <summary>Numbers</summary>
        {table}
      </details>
    </figure>
  );
}
