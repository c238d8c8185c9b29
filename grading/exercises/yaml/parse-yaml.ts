import { isMap, isNode, isScalar, LineCounter, type Node, type ParsedNode, parseDocument } from "yaml";
import type { z } from "zod";
import { sayIssue, wordless } from "./say-issue.ts";
import { isYamlTooDeep, maxYamlDepth } from "./yaml-depth.ts";

type Keys = readonly (string | number)[];

export interface Located<Value> {
  value: Value;
  /** Line (from 1) of what the keys lead to, or of the nearest thing around it. */
  lineOf(keys: Keys): number;
}

export type ParseYamlOutcome<Value> =
  | ({ outcome: "ok" } & Located<Value>)
  | { outcome: "invalid"; problems: { line: number; message: string }[] };

/** Parses YAML against a schema; every problem has its line and names the keys that lead to it. */
export function parseYaml<Schema extends z.ZodType>(
  source: string,
  schema: Schema,
): ParseYamlOutcome<z.output<Schema>> {
  const invalid = (line: number, message: string) => ({
    outcome: "invalid" as const,
    problems: [{ line, message }],
  });
  if (isYamlTooDeep(source))
    return invalid(1, `nests more than ${maxYamlDepth} maps and lists one in another; flatten it`);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  // The first one only: those after it are mostly what it led the parser to.
  const [error] = document.errors;
  if (error)
    return invalid(
      lines.linePos(error.pos[0]).line,
      error.code === "TAB_AS_INDENT"
        ? "is indented with a tab; YAML takes only spaces there: replace every tab by two spaces"
        : `is not valid YAML: ${error.message}`,
    );
  const lineOf = (keys: Keys) => lines.linePos(offsetOf(document.contents, keys)).line;
  let value: unknown;
  try {
    value = document.toJS();
  } catch (thrown) {
    // What is wrong with an alias is known only once it is followed.
    if (!(thrown instanceof ReferenceError)) throw thrown;
    return invalid(lineOf([]), `is not valid YAML: ${thrown.message}`);
  }
  const parsed = schema.safeParse(value, wordless);
  if (parsed.success) return { outcome: "ok", value: parsed.data, lineOf };
  const said = parsed.error.issues.flatMap((issue) => sayIssue(issue, schema, value));
  return {
    outcome: "invalid",
    problems: said.map(({ keys, message }) => ({
      line: lineOf(keys),
      message: `${named(keys)}${message.startsWith("is not ") ? "" : ":"} ${message}`,
    })),
  };
}

const named = (keys: Keys) =>
  keys.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${key}` : key),
    "",
  ) || "the file";

/** Follows the keys as far as the document goes; points at a key rather than at its value. */
function offsetOf(root: ParsedNode | null, keys: Keys): number {
  let node: Node | null = root;
  let offset = root?.range[0] ?? 0;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (!pair) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = isNode(pair.value) ? pair.value : null;
    } else {
      const item: unknown = (node as { items?: unknown[] } | null)?.items?.[Number(key)];
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}
