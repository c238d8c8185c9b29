import { lstat, readFile, readlink } from "node:fs/promises";
import type { ExerciseProblem, LineOf } from "./exercise-rules.ts";

/** A file or a link that a solution hands in. */
export interface SolutionFile {
  /** In what is handed in, with slashes. */
  path: string;
  /** Absolute: the file itself. */
  source: string;
  /** Name of the solution whose folder it is in. */
  from: string;
}

/** What a solution hands in, in order of paths. */
export interface SolutionWork {
  files: SolutionFile[];
  /** Files of its bases that it does not hand in. */
  leftOut: { path: string; from: string; by: string }[];
}

/** A solution's own part: what is in its folder, and what it leaves out of its base. */
export interface SolutionPart {
  name: string;
  files: SolutionFile[];
  without: string[];
}

/** Lays a solution's own files over those of its base. */
export async function overlaySolution(
  own: SolutionPart,
  base: SolutionWork & { name: string },
  lineOf: LineOf,
): Promise<{ work: SolutionWork; problems: ExerciseProblem[] }> {
  const problems: ExerciseProblem[] = [];
  const say = (keys: (string | number)[], message: string) =>
    void problems.push({ file: `solutions/${own.name}/expect.yaml`, line: lineOf(keys), message });
  if (own.files.length === 0 && own.without.length === 0)
    say(["base"], `hands in exactly what ${base.name} does; change a file, or remove the solution`);

  const kept = new Map(base.files.map((file) => [file.path, file]));
  const ownPaths = new Set(own.files.map((file) => file.path));
  const leftOut = base.leftOut.filter((file) => !ownPaths.has(file.path));
  for (const [index, path] of own.without.entries()) {
    const file = base.files.find((each) => each.path === path);
    if (!file)
      say(
        ["without", index],
        `${path} is no file of the base ${base.name}; it has ${base.files.map((each) => each.path).join(", ")}`,
      );
    else if (ownPaths.has(path))
      say(
        ["without", index],
        `${path} is left out and is in solutions/${own.name}/files too; a file there takes the base's place by itself: take it out of without`,
      );
    else if (kept.delete(path)) leftOut.push({ path, from: file.from, by: own.name });
  }
  for (const file of own.files) {
    const message = (await copied(file, kept.get(file.path))) ?? clashing(file, kept.values());
    if (message !== null) problems.push({ file: fileIn(file), line: 1, message });
    kept.delete(file.path);
  }
  const files = [...kept.values(), ...own.files];
  return { work: { files: files.sort(byPath), leftOut: leftOut.sort(byPath) }, problems };
}

export const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);

const fileIn = ({ from, path }: SolutionFile) => `solutions/${from}/files/${path}`;

async function copied(file: SolutionFile, under: SolutionFile | undefined): Promise<string | null> {
  if (!under || !(await isSame(file.source, under.source))) return null;
  return `is the same as ${fileIn(under)}, which the solution has from its base; remove this copy`;
}

/** A path is either a file or a folder with files in it. */
function clashing(file: SolutionFile, others: Iterable<SolutionFile>): string | null {
  for (const other of others)
    if (other.path.startsWith(`${file.path}/`) || file.path.startsWith(`${other.path}/`))
      return `cannot be there together with ${fileIn(other)} of its base, for one is a folder where the other is a file; list ${other.path} under without`;
  return null;
}

/** As git sees it: the same kind, execute bit and bytes. */
async function isSame(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([lstat(a), lstat(b)]);
  if (left.isSymbolicLink() || right.isSymbolicLink())
    return left.isSymbolicLink() && right.isSymbolicLink() && (await readlink(a)) === (await readlink(b));
  if (left.size !== right.size || (left.mode & 0o100) !== (right.mode & 0o100)) return false;
  return (await readFile(a)).equals(await readFile(b));
}
