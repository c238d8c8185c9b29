"use client";

import { IconX } from "@tabler/icons-react";
import { Fragment } from "react";
import type { CheckView } from "#app/_server/queries/run/run-view.ts";
import classes from "./failed-line.module.css";
import { checkAnchor } from "./wanted-check.ts";

/** So many are named; the rest is one link to the next of them. */
const named = 2;

interface FailedLineProps {
  checks: CheckView[];
  /** Checks may still fail: the line has its place before it has its words. */
  reserved: boolean;
  onWant(check: string): void;
}

/** Which checks failed, each a link to why. */
export function FailedLine({ checks, reserved, onWant }: FailedLineProps) {
  const failed = checks.filter(({ verdict }) => verdict === "failed");
  if (failed.length === 0) return reserved ? <div className={classes.line} data-reserved /> : null;
  const link = ({ id }: CheckView, words: string) => (
    <a href={`#${checkAnchor(id)}`} onClick={() => onWant(id)}>
      {words}
    </a>
  );
  const next = failed[named];
  return (
    <div className={classes.line} data-reserved={reserved || undefined}>
      <IconX size={16} aria-hidden />
      <span>
        {failed.length} failed:{" "}
        {failed.slice(0, named).map((check, index) => (
          <Fragment key={check.id}>
            {index > 0 ? ", " : ""}
            {link(check, check.title)}
          </Fragment>
        ))}
        {next ? <> and {link(next, `${failed.length - named} more`)}</> : null}
      </span>
    </div>
  );
}
