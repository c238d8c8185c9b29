import type { StackChange } from "#infra/aws/stack/diff-stack.ts";
import type { StackStep } from "#infra/aws/stack/follow-stack.ts";
import { count } from "../../table.ts";
import { type Output, paint, type Style } from "../../terminal.ts";

/** 12:34:56  CREATE_COMPLETE  Bucket (AWS::S3::Bucket) */
export function showStep(output: Output, step: StackStep) {
  const style: Style = /FAILED|ROLLBACK/.test(step.status)
    ? "red"
    : step.status.endsWith("_COMPLETE")
      ? "green"
      : "grey";
  const reason = step.reason === null ? "" : `: ${step.reason}`;
  output.write(
    `${step.at.toISOString().slice(11, 19)}  ${paint(output, style, step.status.padEnd(20))}  ${step.resource} (${step.type})${reason}\n`,
  );
}

const marks: Record<StackChange["act"], [mark: string, style: Style]> = {
  add: ["+", "green"],
  change: ["~", "yellow"],
  replace: ["!", "red"],
  remove: ["-", "red"],
};

/** One change a line; `!` is made anew, so that what depends on its id changes too. */
export function showChanges(output: Output, changes: StackChange[]) {
  if (changes.length === 0) return output.write("Nothing would change.\n");
  for (const { act, resource, type } of changes) {
    const [mark, style] = marks[act];
    output.write(`${paint(output, style, mark)} ${act.padEnd(8)} ${resource} (${type})\n`);
  }
  output.write(`${count(changes.length, "resource")}.\n`);
}
