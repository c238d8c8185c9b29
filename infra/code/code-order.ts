import type { LineComparison } from "#grading/submissions/handed-in/compare-lines.ts";

/** [text, tone]: a run of characters of one colour. "" is the colour of ordinary text; else two colours as hex digits, in the light and in the dark. */
export type CodeToken = readonly [text: string, tone: string];
export type CodeLine = readonly CodeToken[];

export type CodeOrder =
  | { task: "highlight"; lines: readonly string[]; language: string }
  | { task: "compare"; older: readonly string[]; newer: readonly string[] };

/** begun: what the work needs is loaded, from here on its time counts. */
export type CodeAnswer =
  | { id: number; begun: true }
  | { id: number; highlighted: CodeLine[] }
  | { id: number; compared: LineComparison }
  | { id: number; failed: string };
