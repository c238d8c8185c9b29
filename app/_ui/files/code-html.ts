import type { CodeLine } from "#infra/code/code-order.ts";
import { visibleParts } from "./visible-text.ts";

/** Text of hostile origin for HTML, between tags and in quotes alike. */
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const textHtml = (text: string) =>
  visibleParts(text)
    .map((part) =>
      part.kind === "text"
        ? escapeHtml(part.text)
        : `<b title="${part.code} ${part.name}" data-c="${part.code.slice(2)}">${part.code}</b>`,
    )
    .join("");

/** A token's colours, in the light and in the dark; tones come from the highlighter's themes. */
const toneClass = (tone: string) => (/^[0-9a-f]{12}$/.test(tone) ? `k${tone}` : null);

/** What is in a line, without its number. */
export function lineHtml(line: CodeLine): string {
  return line
    .map(([text, tone]) => {
      const name = toneClass(tone);
      return name === null ? textHtml(text) : `<i class="${name}">${textHtml(text)}</i>`;
    })
    .join("");
}

/** Lines with numbers that are links, in blocks of which those out of sight are not laid out. */
export function codeHtml(lines: readonly CodeLine[]): string {
  const rows = lines.map((line, index) => {
    const number = index + 1;
    return `<div id="L${number}"><a href="#L${number}" tabindex="-1">${number}</a><code>${lineHtml(line)}</code></div>`;
  });
  const blocks: string[] = [];
  for (let from = 0; from < rows.length; from += linesInBlock) {
    const block = rows.slice(from, from + linesInBlock);
    blocks.push(`<div style="--lines:${block.length}">${block.join("")}</div>`);
  }
  return blocks.join("");
}

const linesInBlock = 200;

/** The rules that give the tones of these lines their colours. */
export function toneRules(lines: Iterable<CodeLine>): string {
  const tones = new Set<string>();
  for (const line of lines) for (const [, tone] of line) if (toneClass(tone) !== null) tones.add(tone);
  return [...tones]
    .map((tone) => `.${toneClass(tone)}{color:light-dark(#${tone.slice(0, 6)},#${tone.slice(6)})}`)
    .join("\n");
}
