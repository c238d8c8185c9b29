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

/** At least as long as what the builder makes of it: every name after a $ counts, escaped or not. */
function sizeOf(text: string, sizes: ReadonlyMap<string, number>): number {
  let size = text.length;
  for (const [, name = ""] of text.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)/g)) size += sizes.get(name) ?? 0;
  return size;
}
