import { performance } from "node:perf_hooks";
import type { Shown } from "./shown.ts";

/** Notes requests for their student: what was asked, how it ended, and when. */
export interface RequestNotes {
  /** asked: method and path. ended: such as a status or an error, as the end of a line. */
  note(asked: string, ended: string): void;
  /** Of requests that were answered as they should be: none of those so far is shown. */
  forget(): void;
}

/** Times count from here. */
export function noteRequests({ shown }: { shown: Shown }): RequestNotes {
  const began = performance.now();
  const excerpt = shown.excerpt("Requests that were tried");
  return {
    forget: () => excerpt.forget(),
    note: (asked, ended) =>
      excerpt.line(`at ${((performance.now() - began) / 1000).toFixed(1)} s: ${asked}: ${ended}`),
  };
}
