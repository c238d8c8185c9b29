import type { Log } from "./log/log-store.ts";

type Chunk = Log[number];
/** A full chunk never changes again, and is looked through once. */
const known = new WeakMap<Chunk, ReadonlySet<string>>();

/** Ids of the checks that have lines in the log. */
export function logWriters(log: Log): ReadonlySet<string> {
  return new Set(log.flatMap((chunk) => [...writersOf(chunk)]));
}

function writersOf(chunk: Chunk): ReadonlySet<string> {
  const seen = known.get(chunk) ?? new Set(chunk.flatMap(({ check }) => (check === null ? [] : [check])));
  known.set(chunk, seen);
  return seen;
}
