/** What a Dockerfile asks to be read by, as BuildKit finds it. */
export interface AskedSyntax {
  /** Such as docker/dockerfile:1. */
  value: string;
  /** Line, from 1, where it stands. */
  line: number;
  /** hash: # syntax=, which every builder takes. slashes: // syntax=. json: the whole file is {"syntax": …}. */
  form: "hash" | "slashes" | "json";
}

/** The other directives; after any other comment, and after any other line, none is looked for. */
const directives = ["syntax", "escape", "check"];

/**
 * BuildKit's own rule (frontend/dockerfile/parser/directives.go, DetectSyntax), in its newest form: after a byte-order
 * mark and a line that begins with #!, directives in comments with #, else in comments with //, else a JSON object.
 * The image that is named there would read the Dockerfile, and run outside of what bounds RUN steps.
 */
export function findSyntax(text: string): AskedSyntax | null {
  const { lines, skipped } = directiveLines(text);
  return (
    inComments(lines, skipped, "#", "hash") ??
    inComments(lines, skipped, "//", "slashes") ??
    inJson(lines.join("\n"), skipped)
  );
}

/**
 * The same text with the directive as an ordinary comment, which is to be left out of a file that asks for what the
 * builder has built in. The other directives move before it, where they still are directives; line numbers stay, a
 * byte-order mark does not.
 */
export function withoutSyntax(text: string, { line }: AskedSyntax): string {
  const lines = withoutMark(text).split("\n");
  const first = directiveLines(text).skipped;
  const asked = lines[line - 1] ?? "";
  const before = lines.slice(first, line - 1);
  const after = lines.slice(line);
  // A second one, which builders refuse, must not come up where the first stood.
  const others = after.findIndex((each) => (readDirective(each, "#")?.name ?? "syntax") === "syntax");
  const moved = after.splice(0, others < 0 ? after.length : others);
  const comment = asked.replace("#", "# (built-in)");
  return [...lines.slice(0, first), ...before, ...moved, comment, ...after].join("\n");
}

/** Editors on Windows begin files with a byte-order mark, which the builder leaves out there and nowhere else. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

/** Lines that may hold directives, and how many stand before them. */
function directiveLines(text: string): { lines: string[]; skipped: number } {
  const lines = withoutMark(text).split("\n");
  return lines[0]?.startsWith("#!") ? { lines: lines.slice(1), skipped: 1 } : { lines, skipped: 0 };
}

function inComments(
  lines: string[],
  skipped: number,
  comment: string,
  form: AskedSyntax["form"],
): AskedSyntax | null {
  for (const [index, line] of lines.entries()) {
    const directive = readDirective(line, comment);
    if (directive === null) return null;
    if (directive.name === "syntax") return { value: directive.value, line: skipped + index + 1, form };
  }
  return null;
}

/** By hand: a pattern for trailing white space looks at a long line again and again. */
function readDirective(line: string, comment: string): { name: string; value: string } | null {
  if (!line.startsWith(comment)) return null;
  const equals = line.indexOf("=");
  if (equals < 0) return null;
  const name = line.slice(comment.length, equals).trim().toLowerCase();
  const value = line.slice(equals + 1).trim();
  return directives.includes(name) && value !== "" ? { name, value } : null;
}

function inJson(text: string, skipped: number): AskedSyntax | null {
  try {
    const value: unknown = (JSON.parse(text) as { syntax?: unknown } | null)?.syntax;
    return typeof value === "string" ? { value, line: skipped + 1, form: "json" } : null;
  } catch {
    return null;
  }
}
