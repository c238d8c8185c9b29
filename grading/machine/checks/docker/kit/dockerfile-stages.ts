import type { Dockerfile, From, Instruction } from "dockerfile-ast";

/** From 1. */
export const lineOf = (instruction: Instruction) => instruction.getRange().start.line + 1;

const ofStages = new WeakMap<Dockerfile, Set<From>>();

/** Whether FROM names an earlier stage instead of an image. */
export function isStage(file: Dockerfile, from: From): boolean {
  const known = ofStages.get(file) ?? fromsOfStages(file);
  ofStages.set(file, known);
  return known.has(from);
}

/** Once for a file: thousands of FROM lines may be there. */
function fromsOfStages(file: Dockerfile): Set<From> {
  const stages = new Set<string>();
  const found = new Set<From>();
  for (const from of file.getFROMs()) {
    const image = from.getImage()?.toLowerCase();
    if (image !== undefined && stages.has(image)) found.add(from);
    const stage = from.getBuildStage()?.toLowerCase();
    if (stage !== undefined) stages.add(stage);
  }
  return found;
}
