import { plainText } from "./ansi.ts";

/** Lines a chunk: a full chunk never changes again, so the page draws it once. */
export const chunkLines = 250;

export interface LogLine {
  /** From 1 over the whole run, all attempts; what #L120 means. */
  number: number;
  /** Check that wrote it; null for the machine itself. */
  check: string | null;
  /** As received, with its colours. */
  raw: string;
  /** Without colours: searched and copied. */
  text: string;
}

/** All lines in chunks of `chunkLines`; only the last chunk is ever replaced. */
export type Log = readonly (readonly LogLine[])[];

/** The log with lines added at its end. Full chunks keep their identity. */
export function appendLines(log: Log, added: readonly { check: string | null; line: string }[]): Log {
  if (added.length === 0) return log;
  const chunks = [...log];
  let last = [...(chunks.pop() ?? [])];
  let number = lineCount(log);
  for (const { check, line } of added) {
    if (last.length === chunkLines) {
      chunks.push(last);
      last = [];
    }
    number += 1;
    last.push({ number, check, raw: line, text: plainText(line) });
  }
  chunks.push(last);
  return chunks;
}

export function lineCount(log: Log): number {
  return log.length === 0 ? 0 : (log.length - 1) * chunkLines + (log.at(-1)?.length ?? 0);
}

export function hasLinesOf(log: Log, check: string | null): boolean {
  return check === null ? log.length > 0 : log.some((chunk) => chunk.some((line) => line.check === check));
}

/** Numbers of the lines that hold the query, in order; empty for an empty query. check: only that check's lines. */
export function findLines(log: Log, query: string, check: string | null): number[] {
  if (query === "") return [];
  const needle = query.toLowerCase();
  const found: number[] = [];
  for (const chunk of log) {
    for (const line of chunk) {
      if (check !== null && line.check !== check) continue;
      if (line.text.toLowerCase().includes(needle)) found.push(line.number);
    }
  }
  return found;
}
