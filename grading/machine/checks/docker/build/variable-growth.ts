import { Arg, type Dockerfile, Env, type Instruction } from "dockerfile-ast";

/**
 * Characters that the builder may make of a Dockerfile by putting variables' values in. It does that in the engine's own
 * memory, with no bound: thirty lines ENV A=$A$A make 16 GiB of it.
 */
const maxChars = 16 * 1024 * 1024;

/** Line, from 1, at which the variables of a Dockerfile have grown too much; null when they do not. */
export function findGrowth(parsed: Dockerfile): number | null {
  const sizes = new Map<string, number>();
  let environment = 0;
  let total = 0;
  for (const instruction of parsed.getInstructions()) {
    total += sizeOf(instruction.getRawArgumentsContent() ?? "", sizes);
    // Every step is given all variables.
    if (instruction.getKeyword() === "RUN") total += environment;
    for (const [name, size] of setBy(instruction, sizes)) {
      environment += size - (sizes.get(name) ?? 0);
      sizes.set(name, size);
    }
    if (total + environment > maxChars) return instruction.getRange().start.line + 1;
  }
  return null;
}

/** Variables that an instruction sets, by the size of their values; each value sees those before the instruction. */
function setBy(instruction: Instruction, sizes: ReadonlyMap<string, number>): [string, number][] {
  const properties =
    instruction instanceof Env
      ? instruction.getProperties()
      : instruction instanceof Arg
        ? [instruction.getProperty()]
        : [];
  return properties.flatMap((property) =>
    property ? [[property.getName(), sizeOf(property.getUnescapedValue() ?? "", sizes)]] : [],
  );
}

/** Braces within braces, deeper than anybody writes them; beyond, the size counts as endless. */
const maxDepth = 50;

/** At least as long as what the builder makes of it: every name after a $ counts, escaped or not. */
function sizeOf(text: string, sizes: ReadonlyMap<string, number>, depth = 0): number {
  if (depth > maxDepth) return Number.POSITIVE_INFINITY;
  const variable = /\$(\{?)([A-Za-z_][A-Za-z0-9_]*)/g;
  let size = text.length;
  for (let found = variable.exec(text); found !== null; found = variable.exec(text)) {
    const [, brace, name = ""] = found;
    const value = sizes.get(name) ?? 0;
    if (brace === "") {
      size += value;
      continue;
    }
    const from = variable.lastIndex;
    variable.lastIndex = endOfBraces(text, from);
    const inside = text.slice(from, variable.lastIndex);
    const word = sizeOf(inside, sizes, depth + 1);
    // ${NAME/pattern/word} may put the word in at every character, and before and after all of them.
    size += inside.startsWith("/") ? (value + 1) * (word + 1) : value + word;
  }
  return size;
}

/**
 * Where a ${NAME that is read up to here ends, at the latest: quotes and escapes may hide a brace from the builder, so
 * with any of them it is the last one.
 */
function endOfBraces(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === "'" || char === '"' || char === "\\" || char === "`") {
      const last = text.lastIndexOf("}");
      return last > at ? last : text.length;
    }
    if (char === "{" && text[at - 1] === "$") open += 1;
    if (char === "}") open -= 1;
    if (open === 0) return at;
  }
  return text.length;
}
