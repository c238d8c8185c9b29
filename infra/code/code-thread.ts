// Colours code and compares texts in a thread of its own: what a student wrote must not keep the web server from
// answering, and a thread can be ended in the middle of a regular expression.
import { parentPort } from "node:worker_threads";
import { type BundledLanguage, createHighlighter } from "shiki";
import { compareLines } from "#grading/submissions/handed-in/compare-lines.ts";
import type { CodeAnswer, CodeLine, CodeOrder } from "./code-order.ts";

/** Both pass WCAG AA for every token on the page's code background; tutorials have the same. */
const themes = { light: "github-light-high-contrast", dark: "github-dark-high-contrast" } as const;
/**
 * A line that is longer stays plain. No time limit for a line: on a busy computer it would end an honest one in the
 * middle, and colour all that follows as if it went on. The whole work has one, by which this thread is ended.
 */
const lineBounds = { tokenizeMaxLineLength: 2000, tokenizeTimeLimit: 0 };

const say = (answer: CodeAnswer) => parentPort?.postMessage(answer);
let made: ReturnType<typeof createHighlighter> | undefined;

/** One for all files; a language is loaded when it is first asked for. */
async function highlighterWith(language: BundledLanguage) {
  made ??= createHighlighter({ themes: Object.values(themes), langs: [] });
  const highlighter = await made;
  await highlighter.loadLanguage(language);
  return highlighter;
}

async function highlight(id: number, lines: readonly string[], language: string): Promise<CodeLine[]> {
  const highlighter = await highlighterWith(language as BundledLanguage);
  say({ id, begun: true });
  const { tokens, fg } = highlighter.codeToTokens(lines.join("\n"), {
    ...{ lang: language as BundledLanguage, themes, defaultColor: false as const, cssVariablePrefix: "--" },
    ...lineBounds,
  });
  const ordinary = toneOf(/--light:([^;]*);--dark:([^;]*)/.exec(fg ?? "")?.slice(1) ?? []);
  return tokens.map((line) =>
    line.map(({ content, htmlStyle = {} }) => {
      const tone = toneOf([htmlStyle["--light"], htmlStyle["--dark"]]);
      return [content, tone === ordinary ? "" : tone] as const;
    }),
  );
}

/** "#AABBCC" and "#DDEEFF" as aabbccddeeff; anything else has no colour. */
function toneOf(colours: readonly (string | undefined)[]): string {
  const tone = colours.map((colour) => colour?.slice(1, 7).toLowerCase()).join("");
  return /^[0-9a-f]{12}$/.test(tone) ? tone : "";
}

async function carryOut(id: number, order: CodeOrder): Promise<CodeAnswer> {
  if (order.task === "highlight")
    return { id, highlighted: await highlight(id, order.lines, order.language) };
  say({ id, begun: true });
  return { id, compared: compareLines(order.older, order.newer) };
}

parentPort?.on("message", ({ id, order }: { id: number; order: CodeOrder }) => {
  carryOut(id, order).then(say, (error: unknown) => {
    say({ id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
