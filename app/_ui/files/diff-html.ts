import type { LineRun } from "#grading/submissions/handed-in/compare-lines.ts";
import { around, mostFolded } from "#grading/submissions/handed-in/folded-lines.ts";
import type { CodeLine } from "#infra/code/code-order.ts";
import { plural } from "../format.ts";
import { lineHtml } from "./code-html.ts";

const words = { same: "", removed: "removed", added: "added" } as const;
const signs = { same: "", removed: "−", added: "+" } as const;

/** A unified diff: two columns of numbers, a sign, the line; what is unchanged is folded. */
export function diffHtml(
  runs: readonly LineRun[],
  older: readonly CodeLine[],
  newer: readonly CodeLine[],
): string {
  return runs
    .map((run, index) => {
      if (run.kind !== "same") return rows(run, 0, run.lines, older, newer);
      const head = index === 0 ? 0 : around;
      const tail = index === runs.length - 1 ? 0 : around;
      const hidden = run.lines - head - tail;
      if (hidden < 2) return rows(run, 0, run.lines, older, newer);
      return (
        rows(run, 0, head, older, newer) +
        folded(hidden, () => rows(run, head, head + hidden, older, newer)) +
        rows(run, head + hidden, run.lines, older, newer)
      );
    })
    .join("");
}

function folded(lines: number, inside: () => string): string {
  const sentence = plural(lines, "unchanged line");
  if (lines > mostFolded) return `<p>${sentence}, not shown</p>`;
  return `<details><summary>${sentence}</summary>${inside()}</details>`;
}

function rows(
  run: LineRun,
  from: number,
  to: number,
  older: readonly CodeLine[],
  newer: readonly CodeLine[],
): string {
  let html = "";
  for (let index = from; index < to; index += 1) {
    const oldNumber = run.kind === "added" ? "" : run.oldFrom + index;
    const newNumber = run.kind === "removed" ? "" : run.newFrom + index;
    const line = run.kind === "removed" ? older[run.oldFrom + index - 1] : newer[run.newFrom + index - 1];
    const word = words[run.kind] === "" ? "" : `<small class="sr">${words[run.kind]}: </small>`;
    html += `<div data-kind="${run.kind}"><span>${oldNumber}</span><span>${newNumber}</span><span aria-hidden="true">${signs[run.kind]}</span>${word}<code>${lineHtml(line ?? [])}</code></div>`;
  }
  return html;
}
