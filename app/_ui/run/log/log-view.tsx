"use client";

import { type CSSProperties, useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { ScrollBox } from "../../page/scroll-box.tsx";
import { LogChunk } from "./log-chunk.tsx";
import { findLines, hasLinesOf, type Log, lineCount } from "./log-store.ts";
import { LogTools } from "./log-tools.tsx";
import classes from "./log-view.module.css";
import { useFollow } from "./use-follow.ts";
import { useLinkedLine, useShowLine } from "./use-line-link.ts";

interface LogViewProps {
  log: Log;
  /** More lines may come. */
  live: boolean;
  /** Of a run that was over when the page was made: the box may be as low as they are. null: lines still come. */
  settledLines: number | null;
  /** Said while there is no line. */
  emptySentence: string;
  /** Checks that can be filtered by. */
  checks: { id: string; title: string }[];
  check: string | null;
  onCheck(check: string | null): void;
}

/** The live log: thousands of lines, searchable, with links to lines; follows its end until the reader scrolls up. */
export function LogView({ log, live, settledLines, emptySentence, checks, check, onCheck }: LogViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const [wrap, setWrap] = useState(false);
  const [cursor, setCursor] = useState(0);
  const total = lineCount(log);
  const matches = useMemo(() => findLines(log, query, check), [log, query, check]);
  const current = matches[Math.min(cursor, matches.length - 1)] ?? null;
  const { following, toggle, pause } = useFollow(box, total, live);
  const linked = useLinkedLine();
  useShowLine(linked, linked !== null && linked <= total, pause);

  const step = useCallback(
    (by: 1 | -1) => {
      if (matches.length === 0) return;
      pause();
      const next = (cursor + by + matches.length) % matches.length;
      setCursor(next);
      document.getElementById(`L${matches[next]}`)?.scrollIntoView({ block: "center" });
    },
    [cursor, matches, pause],
  );
  const search = (text: string) => {
    setTyped(text);
    // One before the first, so that the first step lands on it.
    setCursor(-1);
  };

  return (
    <div
      className={classes.frame}
      data-settled={settledLines !== null || undefined}
      style={{ "--lines": settledLines } as CSSProperties}
    >
      <LogTools
        search={{ text: typed, onText: search, count: matches.length, at: cursor, onStep: step }}
        filter={{ checks, check, onCheck }}
        follow={{ on: following, live, onToggle: toggle }}
        wrap={{ on: wrap, onToggle: () => setWrap((on) => !on) }}
      />
      <div className={classes.holder}>
        <ScrollBox ref={box} className={classes.scroll} data-wrap={wrap || undefined} label="Log">
          {total === 0 ? <div className={classes.empty}>{emptySentence}</div> : null}
          {total > 0 && !hasLinesOf(log, check) ? (
            <div className={classes.empty}>
              This check {live ? "has written nothing yet" : "wrote nothing"}.
            </div>
          ) : null}
          {log.map((lines) => (
            <LogChunk
              key={lines[0]?.number}
              lines={lines}
              query={query}
              check={check}
              current={within(lines, current)}
              linked={within(lines, linked)}
            />
          ))}
        </ScrollBox>
      </div>
    </div>
  );
}

/** The number when it is one of these lines', else null: chunks elsewhere keep their props and are not drawn again. */
function within(lines: readonly { number: number }[], number: number | null): number | null {
  const first = lines[0]?.number ?? 0;
  return number !== null && number >= first && number < first + lines.length ? number : null;
}
