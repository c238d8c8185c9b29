import {
  type Document,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type Tags,
  type YAMLError,
} from "yaml";

export type ParsedDocument = {
  /** Among all of the file, empty ones counted, from 1. */
  number: number;
  /** Where it begins or is broken, from 1. */
  line: number;
} & (
  | { outcome: "ok" /** As JSON would hold it. */; value: unknown }
  /** The end of a sentence that begins with the place. */
  | { outcome: "broken"; message: string }
);

const mostAliases = 100;
const mostBytes = 1024 * 1024;

/**
 * The documents of a YAML (or JSON) file as kubectl reads them: YAML 1.1, so that yes is true and 0644 is octal, but
 * with dates and 12:30:00 as text. Empty documents are left out. A broken one does not hide the others.
 */
export function parseManifest(text: string): ParsedDocument[] {
  const lines = new LineCounter();
  let documents: Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      version: "1.1",
      customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isTime(tag)),
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ number: 1, outcome: "broken", line: 1, message: "is nested too deeply to be read" }];
  }
  return documents.flatMap((document, index) => {
    const read = readDocument(document, lines, text);
    return read ? [{ number: index + 1, ...read }] : [];
  });
}

const isTime = (tag: Exclude<Tags[number], string>) =>
  tag.tag === "tag:yaml.org,2002:timestamp" || ("format" in tag && tag.format === "TIME");

type ReadDocument =
  | { outcome: "ok"; line: number; value: unknown }
  | { outcome: "broken"; line: number; message: string };

/** null when there is nothing in it. */
function readDocument(
  document: Document.Parsed<ParsedNode>,
  lines: LineCounter,
  text: string,
): ReadDocument | null {
  const { line } = lines.linePos(document.contents?.range[0] ?? document.range[0]);
  const broken = (message: string): ReadDocument => ({ outcome: "broken", line, message });
  const [error] = document.errors;
  if (error) return brokenAt(error, lines, text);
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    if (value === null) return null;
    if (sizeOf(value) > mostBytes) return broken("is larger than the 1 MiB that an object may have");
    return { outcome: "ok", line, value };
  } catch (thrown) {
    if (thrown instanceof RangeError) return broken("is nested too deeply to be read");
    if (!(thrown instanceof ReferenceError)) throw thrown;
    return broken(
      /excessive alias count/i.test(thrown.message)
        ? `uses aliases (*name) so that it would grow beyond all measure; write it out, with at most ${mostAliases} aliases`
        : `uses an alias that is not there: ${thrown.message}`,
    );
  }
}

function brokenAt(error: YAMLError, lines: LineCounter, text: string): ReadDocument {
  const { line } = lines.linePos(error.pos[0]);
  const tab = tabbedLine(text, line);
  if (tab !== null)
    return {
      outcome: "broken",
      line: tab,
      message: "is indented with a tab; YAML takes only spaces there: replace every tab by two spaces",
    };
  return { outcome: "broken", line, message: `is not valid YAML: ${inWords(error)}` };
}

/** The line of the error or the one before it, when it is indented with a tab. */
function tabbedLine(text: string, line: number): number | null {
  const all = text.split("\n");
  for (const each of [line, line - 1, line + 1]) if (/^ *\t/.test(all[each - 1] ?? "")) return each;
  return null;
}

function inWords(error: YAMLError): string {
  switch (error.code) {
    case "DUPLICATE_KEY":
      return "the same key is stated twice in one place; remove one of them";
    case "BAD_INDENT":
      return `the indentation does not fit the lines around it (${error.message})`;
    default:
      return error.message;
  }
}

/** Bytes as JSON, counted no further than just beyond the limit: aliases make a small text a large object. */
function sizeOf(root: unknown): number {
  let bytes = 0;
  const rest: unknown[] = [root];
  while (rest.length > 0 && bytes <= mostBytes) {
    const value = rest.pop();
    if (typeof value === "object" && value !== null) {
      bytes += 2;
      for (const [key, inner] of Object.entries(value)) {
        bytes += Array.isArray(value) ? 1 : Buffer.byteLength(key) + 4;
        rest.push(inner);
      }
    } else bytes += typeof value === "string" ? Buffer.byteLength(value) + 2 : 8;
  }
  return bytes;
}
