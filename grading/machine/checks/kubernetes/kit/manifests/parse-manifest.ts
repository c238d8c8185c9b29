import {
  type Document,
  isCollection,
  isNode,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type Tags,
  visit,
  type YAMLError,
} from "yaml";
import { isYamlTooDeep, maxYamlDepth } from "../../../../../exercises/yaml/yaml-depth.ts";

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
 * with dates and 12:30:00 as text and with sets and ordered maps as plain ones. Empty documents are left out. A broken
 * one does not hide the others.
 */
export function parseManifest(text: string): ParsedDocument[] {
  if (isYamlTooDeep(text))
    return [
      {
        number: 1,
        outcome: "broken",
        line: 1,
        message: `is nested too deeply to be read: more than ${maxYamlDepth} maps and lists stand one in another`,
      },
    ];
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
    version: "1.1",
    customTags: (tags) => [...tags.filter((tag) => typeof tag === "string" || isPlain(tag)), binary],
  });
  const documents: Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  return documents.flatMap((document, index) => {
    const read = readDocument(document, lines, text);
    return read ? [{ number: index + 1, ...read }] : [];
  });
}

type Tag = Exclude<Tags[number], string>;

/** Whether what it makes of a text is what JSON has too. */
const isPlain = (tag: Tag) =>
  !/^tag:yaml\.org,2002:(timestamp|binary|set|omap|pairs)$/.test(tag.tag) &&
  !("format" in tag && tag.format === "TIME");

/** kubectl takes the text that the bytes are. */
const binary: Tag = {
  tag: "tag:yaml.org,2002:binary",
  resolve: (text) => Buffer.from(text, "base64").toString(),
};

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
  const offset = findCollectionKey(document);
  if (offset !== null)
    return {
      outcome: "broken",
      line: lines.linePos(offset).line,
      message:
        "has a map or a list as the key of a map, as {{ name }} is too; a key is plain text: put quotes around it, or replace the placeholder by its value",
    };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: mostAliases });
  } catch (thrown) {
    // The parser throws what it finds wrong in the text itself; nothing else is called here.
    return broken(inWordsOf(thrown));
  }
  if (value === null) return null;
  const measured = measure(value);
  if (measured.bytes > mostBytes) return broken("is larger than the 1 MiB that an object may have");
  if (measured.isForeign)
    return broken("has a value that JSON has not (.inf, .nan, or <<), so that no object can hold it");
  return { outcome: "ok", line, value };
}

/** Where the first one stands; null when there is none. */
function findCollectionKey(document: Document.Parsed<ParsedNode>): number | null {
  let offset: number | null = null;
  visit(document, {
    Pair: (_, pair) => {
      if (!isNode(pair.key) || !isCollection(pair.key)) return undefined;
      offset = pair.key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function inWordsOf(thrown: unknown): string {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  if (/excessive alias count/i.test(said))
    return `uses aliases (*name) so that it would grow beyond all measure; write it out, with at most ${mostAliases} aliases`;
  if (thrown instanceof ReferenceError) return `uses an alias that is not there: ${said}`;
  if (/merge sources/i.test(said))
    return "has a merge key (<<) whose value is no map: let it name one (<<: *name), or remove the line";
  return `is not valid YAML: ${said}`;
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

/**
 * Bytes as JSON, counted no further than just beyond the limit: aliases make a small text a large object. isForeign:
 * it holds what JSON has no word for.
 */
function measure(root: unknown): { bytes: number; isForeign: boolean } {
  let bytes = 0;
  let isForeign = false;
  const rest: unknown[] = [root];
  while (rest.length > 0 && bytes <= mostBytes) {
    const value = rest.pop();
    if (typeof value === "object" && value !== null) {
      bytes += 2;
      for (const [key, inner] of Object.entries(value)) {
        bytes += Array.isArray(value) ? 1 : Buffer.byteLength(key) + 4;
        rest.push(inner);
      }
    } else {
      bytes += typeof value === "string" ? Buffer.byteLength(value) + 2 : 8;
      isForeign ||= typeof value === "symbol" || (typeof value === "number" && !Number.isFinite(value));
    }
  }
  return { bytes, isForeign };
}
