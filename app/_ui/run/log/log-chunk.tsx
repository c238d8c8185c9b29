"use client";

import { memo } from "react";
import { ansiSpans, type Span, splitAtMatches } from "./ansi.ts";
import type { LogLine } from "./log-store.ts";
import classes from "./log-view.module.css";

interface LogChunkProps {
  lines: readonly LogLine[];
  query: string;
  /** Show only this check's lines. */
  check: string | null;
  /** The match under the cursor of the search, when it is in this chunk. */
  current: number | null;
  /** The line that the address names, when it is in this chunk. */
  linked: number | null;
}

/** Up to chunkLines lines. Memoised: while lines arrive only the last chunk is drawn again. */
export const LogChunk = memo(function LogChunk({ lines, query, check, current, linked }: LogChunkProps) {
  const shown = check === null ? lines : lines.filter((line) => line.check === check);
  if (shown.length === 0) return null;
  return (
    <div className={classes.chunk} style={{ "--lines": shown.length } as React.CSSProperties}>
      {shown.map((line) => (
        <div
          key={line.number}
          id={`L${line.number}`}
          className={classes.line}
          data-current={line.number === current || undefined}
          data-linked={line.number === linked || undefined}
        >
          <a
            href={`#L${line.number}`}
            className={classes.number}
            tabIndex={-1}
            title={`Link to line ${line.number}`}
          >
            {line.number}
          </a>
          <span className={classes.text}>
            <LineText line={line} query={query} />
          </span>
        </div>
      ))}
    </div>
  );
});

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
