"use client";

import { useEffect, useState } from "react";
import type { Heading } from "./collect-headings.ts";
import classes from "./tutorial.module.css";

/** The page's contents; marks the part that is being read. Works as plain links before JavaScript. */
export function Contents({ headings }: { headings: Heading[] }) {
  const current = useCurrentHeading(headings);
  return (
    <nav className={classes.contents} aria-label="On this page">
      <div className={classes.wide}>
        <p>On this page</p>
        <HeadingList headings={headings} current={current} />
      </div>
      <details className={classes.narrow}>
        <summary>On this page</summary>
        <HeadingList headings={headings} current={current} />
      </details>
    </nav>
  );
}

function HeadingList({ headings, current }: { headings: Heading[]; current: string | null }) {
  return (
    <ol>
      {headings.map((heading) => (
        <li key={heading.id} data-level={heading.level}>
          <a href={`#${heading.id}`} aria-current={heading.id === current ? "location" : undefined}>
            {heading.text}
          </a>
        </li>
      ))}
    </ol>
  );
}

/** Pixels below the top at which a heading counts as reached. */
const readingLine = 120;

function useCurrentHeading(headings: Heading[]): string | null {
  const [current, setCurrent] = useState<string | null>(null);
  useEffect(() => {
    const look = () => {
      const reached = headings.filter(({ id }) => {
        const element = document.getElementById(id);
        return element !== null && element.getBoundingClientRect().top < readingLine;
      });
      const { scrollTop, clientHeight, scrollHeight } = document.documentElement;
      // The last parts of a page never come up to the line: at its end the last one is read.
      const atEnd = scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 1;
      setCurrent((atEnd ? headings : reached).at(-1)?.id ?? null);
    };
    look();
    document.addEventListener("scroll", look, { passive: true });
    return () => document.removeEventListener("scroll", look);
  }, [headings]);
  return current;
}
