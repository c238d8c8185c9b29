import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import { plainText } from "./ansi.ts";

/** Lines a chunk: a full chunk never changes again, so the page draws and searches it once. */
export const chunkLines = 250;

export interface LogLine {
  /** From 1 over the whole run, all attempts and checks; what #L120 means. */
  number: number;
  /** Milliseconds since 1970, by the clock of the machine that wrote it. */
  at: number;
  /** As received, with its colours. */
  raw: string;
  /** Without colours: searched and copied. */
  text: string;
}

export type LogChunk = readonly LogLine[];

/** What one check wrote in one attempt, or the machine itself. */
export interface LogGroup {
  attempt: number;
  /** null: the machine itself. */
  check: string | null;
  /** As the check's own events named it; null for the machine, and until one did. */
  title: string | null;
  /** null until it finished. */
  verdict: "passed" | "failed" | "not_graded" | null;
  durationMs: number | null;
  /** Of its first event here, milliseconds since 1970. */
  startedAt: number;
  /** All but the last have `chunkLines` lines; only the last is ever replaced. */
  chunks: readonly LogChunk[];
}

/** A run's log, by who wrote it, in the order in which they began. Never changed: each addition makes a new one. */
export interface Log {
  groups: readonly LogGroup[];
  /** How many lines come before the first one here; 0 for a log that begins at its beginning. */
  missing: number;
  /** Number of the last line; all of the run so far. */
  lines: number;
}

export const emptyLog: Log = { groups: [], missing: 0, lines: 0 };

/** A log that begins after this many lines. */
export const logAfter = (missing: number): Log => ({ groups: [], missing, lines: missing });

/** The log with what the events add at its end. Groups and full chunks that get nothing keep their identity. */
export function appendEvents(log: Log, events: readonly StreamedEvent[]): Log {
  const groups = [...log.groups];
  /** Of this call's own making, which may be changed: by place in groups. */
  const open = new Map<number, { group: LogGroup; chunks: LogChunk[]; last: LogLine[] }>();
  let { lines } = log;
  let changed = false;

  const begun = ({ attempt, at }: StreamedEvent, check: string | null) => {
    let index = groups.findLastIndex((group) => group.attempt === attempt && group.check === check);
    if (index === -1) {
      const unknown = { title: null, verdict: null, durationMs: null };
      index = groups.push({ attempt, check, ...unknown, startedAt: Date.parse(at), chunks: [] }) - 1;
    }
    let own = open.get(index);
    if (!own) {
      const group = { ...groups[index] } as LogGroup;
      const chunks = [...group.chunks];
      own = { group, chunks, last: [...(chunks.pop() ?? [])] };
      open.set(index, own);
    }
    changed = true;
    return own;
  };

  for (const told of events) {
    const { at, event } = told;
    if (event.type === "log") {
      const own = begun(told, event.check);
      if (own.last.length === chunkLines) {
        own.chunks.push(own.last);
        own.last = [];
      }
      lines += 1;
      own.last.push({ number: lines, at: Date.parse(at), raw: event.line, text: plainText(event.line) });
    } else if (event.type === "check-started") {
      const own = begun(told, event.check);
      own.group = { ...own.group, title: event.title };
    } else if (event.type === "check-finished") {
      const own = begun(told, event.check);
      const { title, verdict, durationMs } = event;
      own.group = { ...own.group, title, verdict, durationMs };
    }
  }
  if (!changed) return log;
  for (const [index, { group, chunks, last }] of open) {
    groups[index] = { ...group, chunks: last.length === 0 ? chunks : [...chunks, last] };
  }
  return { ...log, groups, lines };
}

export function groupLines({ chunks }: Pick<LogGroup, "chunks">): number {
  return chunks.length === 0 ? 0 : (chunks.length - 1) * chunkLines + (chunks.at(-1)?.length ?? 0);
}

/** The chunk that holds the line of this number, with its group; null: the line is not here. */
export function findLine(log: Log, number: number): { group: LogGroup; chunk: LogChunk } | null {
  for (const group of log.groups) {
    const chunk = group.chunks.find(
      (one) => (one[0]?.number ?? Infinity) <= number && (one.at(-1)?.number ?? 0) >= number,
    );
    if (chunk?.some((line) => line.number === number)) return { group, chunk };
  }
  return null;
}

/** The lines without colours, one a line, each ended by a newline. */
export function textOf(groups: readonly Pick<LogGroup, "chunks">[]): string {
  const parts: string[] = [];
  for (const { chunks } of groups) {
    for (const chunk of chunks) for (const line of chunk) parts.push(line.text, "\n");
  }
  return parts.join("");
}
