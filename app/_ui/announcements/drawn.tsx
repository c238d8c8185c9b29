import { createElement, type ReactNode } from "react";
import classes from "./announcements.module.css";
import type { Drawn } from "./drawn-text.ts";

/** What an action drew of a Markdown text. */
export function DrawnText({ drawn }: { drawn: Drawn[] }) {
  return <div className={classes.text}>{draw(drawn)}</div>;
}

/** Drawn at once and never moved, so that its place may be its key. */
const draw = (drawn: Drawn[]): ReactNode[] =>
  drawn.map((one, place) => {
    if (typeof one === "string") return one;
    return createElement(one.tag, { ...one.props, key: place }, ...draw(one.children));
  });
