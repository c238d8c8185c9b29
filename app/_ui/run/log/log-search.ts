import type { LogSection } from "./log-sections.ts";
import type { LogChunk } from "./log-store.ts";

export interface LogMatches {
  query: string;
  /** Numbers of the lines that hold the query, as they are shown from top to bottom. */
  lines: readonly number[];
  /** Ids of the sections that hold one. */
  sections: ReadonlySet<string>;
}

const none: LogMatches = { query: "", lines: [], sections: new Set() };

/**
 * Searches a log as it grows: what was searched for a query is not searched for it again, since a chunk that gets more
 * lines is another one.
 */
export function createLogSearch(): (sections: readonly LogSection[], query: string) => LogMatches {
  let known = { query: "", found: new WeakMap<LogChunk, readonly number[]>() };
  return (sections, query) => {
    if (query === "") return none;
    if (known.query !== query) known = { query, found: new WeakMap() };
    const holds = holder(query);
    const lines: number[] = [];
    const hit = new Set<string>();
    for (const { id, group } of sections) {
      for (const chunk of group?.chunks ?? []) {
        let found = known.found.get(chunk);
        if (found === undefined) {
          found = chunk.filter((line) => holds(line.text)).map((line) => line.number);
          known.found.set(chunk, found);
        }
        if (found.length > 0) hit.add(id);
        for (const number of found) lines.push(number);
      }
    }
    return { query, lines, sections: hit };
  };
}

/** Whether a text holds the query, whatever its case. Half a million lines are asked at every letter typed. */
function holder(query: string): (text: string) => boolean {
  // A pattern makes no copy of each line, and of such letters it means the same as comparing in lower case.
  if (/^[\x20-\x7e]+$/.test(query)) {
    const pattern = new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "i");
    return (text) => pattern.test(text);
  }
  const needle = query.toLowerCase();
  return (text) => text.toLowerCase().includes(needle);
}
