"use client";

import { UnstyledButton } from "@mantine/core";
import { IconBolt, IconFlag, IconPointFilled } from "@tabler/icons-react";
import { memo, useEffect, useRef } from "react";
import type { DrillTimeline } from "#grading/protocol/messages.ts";
import { plainText } from "../log/ansi.ts";
import classes from "./drill-marks.module.css";
import { momentWords } from "./moment-words.ts";

const kinds = {
  action: { word: "Action", icon: IconBolt },
  event: { word: "Event", icon: IconPointFilled },
  reached: { word: "Reached", icon: IconFlag },
};

interface DrillMarksProps {
  marks: DrillTimeline["marks"];
  /** Index of the last one that has happened at the moment shown; -1 for none. */
  current: number;
  onSeek(atMs: number): void;
}

/** What happened, first to last. The one that the moment shown is at stays in sight; a mark's time leads to it. */
export const DrillMarks = memo(function DrillMarks({ marks, current, onSeek }: DrillMarksProps) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const box = list.current;
    const item = box?.children[current];
    // Only the list moves, never the page.
    if (box && item instanceof HTMLElement) keepInSight(box, item);
  }, [current]);
  if (marks.length === 0)
    return <p className={classes.none}>Nothing happened that the drill took note of.</p>;
  return (
    <ol ref={list} className={classes.marks} aria-label="What happened">
      {marks.map(({ atMs, kind, text }, index) => {
        const { word, icon: Icon } = kinds[kind];
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a finished drill's marks never change
            key={index}
            data-kind={kind}
            aria-current={index === current ? "step" : undefined}
          >
            <UnstyledButton
              className={`${classes.time} num needs-script`}
              onClick={() => onSeek(atMs)}
              aria-label={`Go to ${momentWords(atMs)}`}
            >
              {momentWords(atMs)}
            </UnstyledButton>
            <span className={`${classes.plainTime} num`}>{momentWords(atMs)}</span>
            <span className={classes.kind}>
              <Icon size={14} aria-hidden />
              {word}
            </span>
            <span className={classes.text}>{plainText(text)}</span>
          </li>
        );
      })}
    </ol>
  );
});

function keepInSight(box: HTMLElement, item: HTMLElement): void {
  // The list is positioned, so that its items' offsets are within it.
  const top = item.offsetTop;
  const bottom = top + item.offsetHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}
