import { isPair, isScalar, parseDocument, visit } from "yaml";
import { addDays, isCalendarDay } from "#course/catalogue/calendar-days.ts";

/** Keys of a course's files under which a day stands. */
const dated = new Set([
  "release",
  "due",
  "availableUntil",
  "starts",
  "ends",
  "from",
  "to",
  "date",
  "closes",
  "publish",
]);

/**
 * A course's YAML, or Markdown with a head of YAML, with every day moved; all else stays to the letter, comments too.
 */
export function moveDates(source: string, days: number): string {
  return inHead(source, (yaml) =>
    replaceValues(yaml, (key, value) => {
      const day = value.slice(0, 10);
      return dated.has(key) && isCalendarDay(day) ? addDays(day, days) + value.slice(10) : null;
    }),
  );
}

/** The same file with another text under a key at its top. */
export function setValue(source: string, wanted: string, text: string): string {
  let done = false;
  return replaceValues(source, (key) => {
    if (key !== wanted || done) return null;
    done = true;
    return text;
  });
}

function inHead(source: string, change: (yaml: string) => string): string {
  const open = "---\n";
  const end = source.startsWith(open) ? source.indexOf(`\n${open}`, open.length - 1) : -1;
  if (end < 0) return change(source);
  return open + change(source.slice(open.length, end)) + source.slice(end);
}

/** Replaces scalars where they stand. replace: what a value is to be, null to leave it. */
function replaceValues(source: string, replace: (key: string, value: string) => string | null): string {
  const edits: { from: number; to: number; text: string }[] = [];
  visit(parseDocument(source), {
    Pair(_key, pair) {
      if (!isPair(pair) || !isScalar(pair.key) || !isScalar(pair.value)) return;
      const { value, range } = pair.value;
      if (typeof value !== "string" || !range) return;
      const text = replace(String(pair.key.value), value);
      if (text !== null)
        edits.push({ from: range[0], to: range[1], text: quotedAs(source.slice(range[0], range[1]), text) });
    },
  });
  return edits.reduceRight(
    (text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to),
    source,
  );
}

const quotedAs = (written: string, text: string) =>
  written.startsWith('"') || !/^[\w./: -]*$/.test(text) ? JSON.stringify(text) : text;
