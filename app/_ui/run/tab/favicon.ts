import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { howItWent } from "../../state/how-it-went.ts";

export type Dot = "going" | "passed" | "failed" | "no result";

/** What the tab's icon shows of a run. */
export function dotOf({ state, final, score, maxScore }: RunView["run"]): Dot {
  if (!final) return "going";
  if (state !== "graded") return "no result";
  return howItWent(score, maxScore) === "all" ? "passed" : "failed";
}

// A tab's icon is on the browser's own ground, light or dark: these stand out from both.
const colours: Record<Dot, string> = {
  going: "#2a7bc1",
  passed: "#1f9d55",
  failed: "#d93025",
  "no result": "#c77700",
};

/** Told apart by shape as well: a ring while it goes on, a disc, a cross, a bar. */
const shapes: Record<Dot, string> = {
  going: '<circle cx="17.5" cy="17.5" r="4.2" fill="none" stroke-width="2.6"/>',
  passed: '<circle cx="17.5" cy="17.5" r="5.2" stroke="none" fill="COLOUR"/>',
  failed: '<path d="M13.5 13.5l8 8m0-8l-8 8" stroke-width="3.2" stroke-linecap="round"/>',
  "no result": '<path d="M13 17.5h9" stroke-width="3.6" stroke-linecap="round"/>',
};

/** The site's icon with the dot, as an address. */
export function faviconOf(dot: Dot): string {
  const sign = `<circle cx="17.5" cy="17.5" r="6.5" fill="#fff"/><g stroke="COLOUR">${shapes[dot]}</g>`;
  const dock =
    '<g fill="none" stroke="#125b96"><path d="M2.5 4v16.5h19V4" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/><path d="M7 8h10l-1.6 6.2a2 2 0 0 1-1.9 1.5h-3a2 2 0 0 1-1.9-1.5z" fill="#125b96" stroke="none"/></g>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${dock}${sign.replaceAll("COLOUR", colours[dot])}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
