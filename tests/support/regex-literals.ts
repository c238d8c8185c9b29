import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "../..");

export interface RegexLiteral {
  /** file:line */
  place: string;
  source: string;
  flags: string;
}

/** Every regular expression written in the sources below these folders, tests left out. */
export async function regexLiterals(folders: string[]): Promise<RegexLiteral[]> {
  const found: RegexLiteral[] = [];
  for (const file of await sourcesIn(folders)) {
    const source = await parse(file);
    const visit = (node: ts.Node) => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf("/");
        found.push({
          place: placeOf(file, source, node),
          source: node.text.slice(1, end),
          flags: node.text.slice(end + 1),
        });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/** file:line of every regular expression that is put together while the program runs. */
export async function builtRegexes(folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of await sourcesIn(folders)) {
    const source = await parse(file);
    const visit = (node: ts.Node) => {
      if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "RegExp")
        found.push(placeOf(file, source, node).replace(/:\d+$/, ""));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

async function sourcesIn(folders: string[]): Promise<string[]> {
  const listed = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(path.join(root, folder), { recursive: true });
      return entries.map((entry) => path.join(folder, entry));
    }),
  );
  return listed.flat().filter((file) => /\.(tsx?|mjs)$/.test(file) && !/\.test\.tsx?$/.test(file));
}

async function parse(file: string) {
  return ts.createSourceFile(
    file,
    await readFile(path.join(root, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
}

function placeOf(file: string, source: ts.SourceFile, node: ts.Node): string {
  return `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
