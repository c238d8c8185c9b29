import type { GradedLocally } from "./grade-locally.ts";
import { markOf } from "./live-log.ts";
import { formatPoints, formatSeconds, formatTable } from "./table.ts";
import { type Output, paint, printable } from "./terminal.ts";

/** The table of checks, what to do about those that did not pass, and the score. */
export function printResult(output: Output, result: GradedLocally): void {
  const rows = result.checks.map((check) => {
    const { sign, style } = markOf(check.verdict);
    return [
      { text: sign, style },
      check.id,
      { text: check.verdict.replace("_", " "), style },
      `${formatPoints(check.points)}/${formatPoints(check.maxPoints)}`,
      formatSeconds(check.durationMs),
      printable(check.title),
    ];
  });
  const lines = formatTable(
    output,
    [
      { title: "" },
      { title: "check" },
      { title: "verdict" },
      { title: "points", align: "right" },
      { title: "time", align: "right" },
      { title: "title" },
    ],
    rows,
  );
  for (const check of result.checks) {
    if (check.verdict === "passed") continue;
    lines.push("", paint(output, "bold", `${check.id}: ${printable(check.title)}`));
    lines.push(...paragraph("expected", check.message.expected));
    lines.push(...paragraph("happened", check.message.happened));
    lines.push(...paragraph("to fix", check.message.fix));
    for (const { title, lines: shown, leftOut } of check.message.shown ?? []) {
      const before = leftOut > 0 ? [`(${leftOut} lines before)`] : [];
      lines.push(...paragraph("shown", [`${title}:`, ...before, ...shown].join("\n")));
    }
  }
  if (result.score === null) {
    output.write(`${lines.join("\n")}\n`);
    return;
  }
  const score = `${formatPoints(result.score)} of ${formatPoints(result.maxScore)} points`;
  const full = result.score === result.maxScore;
  lines.push(
    "",
    `${paint(output, full ? "green" : "yellow", score)}  (machine: ${result.machine.seconds.toFixed(1)} s, terminated)`,
  );
  output.write(`${lines.join("\n")}\n`);
}

function paragraph(label: string, text: string): string[] {
  const [first = "", ...rest] = text.split("\n").map(printable);
  return [`  ${label.padEnd(9)} ${first}`, ...rest.map((line) => `${" ".repeat(12)}${line}`)];
}
