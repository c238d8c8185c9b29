import { createElement, type ReactNode } from "react";
import classes from "./announcements.module.css";
import type { Drawn } from "./drawn-text.ts";

/** What an action drew of a Markdown text. */
export function DrawnText({ drawn }: { drawn: Drawn[] }) {
  return <div className={classes.text}>{draw(drawn)}</div>;
}

const draw = (drawn: Drawn[]): ReactNode[] =>
  drawn.map((one, index) =>
    typeof one === "string"
      ? one
        createElement(one.tag, { ...one.props, key: index }, ...draw(one.children)),
  );
