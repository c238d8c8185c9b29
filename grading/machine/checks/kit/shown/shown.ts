import { type ShownLines, shownLimits } from "../../../../protocol/messages.ts";
import { type Excerpt, LastLines } from "./excerpt.ts";

/** Of what a container with the student's program writes. */
export const programWrote = "What your program wrote";

/** What a check lays open for its student should it fail: what the program wrote, the requests that were tried. */
export interface Shown {
  /** Begins an excerpt; one in which nothing is written is not shown. Never for what a hidden file writes. */
  excerpt(title: string): Excerpt;
}

/** Collects it while a check runs. */
export class ShownByCheck implements Shown {
  readonly #excerpts: LastLines[] = [];

  excerpt(title: string): Excerpt {
    const made = new LastLines(title);
    this.#excerpts.push(made);
    return made;
  }

  /** The first that are not empty, as many as may be shown, in the order in which they were begun. */
  take(): ShownLines[] {
    return this.#excerpts.flatMap((each) => each.take() ?? []).slice(0, shownLimits.excerpts);
  }
}
