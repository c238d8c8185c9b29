import type { CodeLine } from "#infra/code/code-order.ts";
import { ScrollBox } from "../page/scroll-box.tsx";
import classes from "./code.module.css";
import { codeHtml, toneRules } from "./code-html.ts";

/** Lines of a file with their numbers, which are links. */
export function CodeBox({ id, label, lines }: { id: string; label: string; lines: readonly CodeLine[] }) {
  return (
    <ScrollBox className={classes.code} label={label}>
      <style>{toneRules(lines)}</style>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: code-html.ts escapes every character of the student's; thousands of elements would take the browser seconds */}
      <div id={id} dangerouslySetInnerHTML={{ __html: codeHtml(lines) }} />
    </ScrollBox>
  );
}
