"use client";

import { memo, useRef, useState } from "react";
import { ansiSpans, type Span, splitAtMatches } from "./ansi.ts";
import { useNear } from "./log-near.tsx";
import type { LogLine } from "./log-store.ts";
import classes from "./log-view.module.css";

/** Pixels of a line that is not wrapped. */
const lineHeight = 20;

interface LogChunkProps {
  lines: readonly LogLine[];
  query: string;
  /** When the attempt began, where times are shown: milliseconds since 1970. */
  timesFrom: number | null;
  /** Drawn before anything is known of what is in sight. */
  atOnce: boolean;
  /** The match under the cursor of the search, when it is in this chunk. */
  current: number | null;
  /** The line that the address names, when it is in this chunk. */
  linked: number | null;
}

/**
 * Up to chunkLines lines; out of sight a blank that is as high. Memoised: while lines arrive only the last chunk is
 * drawn again.
 */
export const LogChunk = memo(function LogChunk(props: LogChunkProps) {
  const { lines, atOnce, current, linked } = props;
  const box = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(atOnce);
  const [height, setHeight] = useState<number | null>(null);
  useNear(box, (isNear) => {
    // As high as it was: wrapped lines are higher than they are counted.
    if (!isNear && near) setHeight(box.current?.offsetHeight ?? null);
    setNear(isNear);
  });
  const drawn = near || current !== null || linked !== null;
  return (
    <div
      ref={box}
      className={classes.chunk}
      style={drawn ? undefined : { height: height ?? lines.length * lineHeight }}
    >
      {drawn ? <Lines {...props} /> : null}
    </div>
  );
});

function Lines({ lines, query, timesFrom, current, linked }: LogChunkProps) {
  return lines.map((line) => (
    <div
      key={line.number}
      id={`L${line.number}`}
      className={classes.line}
      data-current={line.number === current || undefined}
      data-linked={line.number === linked || undefined}
    >
      <span className={classes.gutter}>
        <a
          href={`#L${line.number}`}
          className={classes.number}
          tabIndex={-1}
          title={`Link to line ${line.number}`}
        >
          {line.number}
        </a>
        {timesFrom === null ? null : (
          <span className={classes.time}>{((line.at - timesFrom) / 1000).toFixed(1)} s</span>
        )}
      </span>
      <span className={classes.text}>
        <LineText line={line} query={query} />
      </span>
    </div>
  ));
}

function LineText({ line, query }: { line: LogLine; query: string }) {
  const hit = query !== "" && line.text.toLowerCase().includes(query.toLowerCase());
  // A match may cross colours: while it is marked the line is shown without them.
  if (hit) {
    return splitAtMatches(line.text, query).map((piece, index) => {
      const key = `${index}`;
      return piece.hit ? <mark key={key}>{piece.text}</mark> : <span key={key}>{piece.text}</span>;
    });
  }
  if (line.raw === line.text) return line.text || " ";
  return ansiSpans(line.raw).map((span, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line never change order
    <span key={index} className={spanClass(span)}>
      {span.text}
    </span>
  ));
}

function spanClass(span: Span): string | undefined {
  const names = [span.color ? classes[span.color] : null, span.bold ? classes.bold : null];
  return names.filter(Boolean).join(" ") || undefined;
}
