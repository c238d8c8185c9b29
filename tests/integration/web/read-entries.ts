import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "../../..");
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export interface AppEntries {
  /** URL pattern of each page.tsx, and the permissions given to requirePage in its file. */
  pages: Map<string, string[]>;
  /** "METHOD pattern" of each exported route handler, and the permission it carries; null when it states none. */
  routes: Map<string, string | null>;
  /** How the handler of each of them takes a body; null when nobody bounds it. */
  bodies: Map<string, string | null>;
  /** "file#name" of each server action, and the permission it states; null when it states none. */
  actions: Map<string, string | null>;
  /** Functions with a "use server" of their own, which no wrapper guards. */
  inlineActions: string[];
}

/** Everything in the app folder that can be called from outside, found from the files themselves. */
export async function readEntries(): Promise<AppEntries> {
  const found: AppEntries = {
    ...{ pages: new Map(), routes: new Map(), bodies: new Map(), actions: new Map() },
    inlineActions: [],
  };
  const files = await readdir(path.join(root, "app"), { recursive: true, withFileTypes: true });
  for (const entry of files) {
    const file = path.relative(root, path.join(entry.parentPath, entry.name));
    if (!/\.(ts|tsx|js|jsx|mjs)$/.test(file) || /\.test\.tsx?$/.test(file)) continue;
    const source = parse(file, await readFile(path.join(root, file), "utf8"));
    const name = path.basename(file).replace(/\.\w+$/, "");
    // Next makes no URL of anything below a folder whose name begins with an underscore.
    const reachable = !/\/_/.test(file);
    if (reachable && name === "page") found.pages.set(patternOf(file), permissionsOfPage(source));
    if (reachable && name === "route") await addRoutes(found, file);
    if (startsWithUseServer(source.statements)) addActions(found, file, source);
    else found.inlineActions.push(...inlineActions(source).map((line) => `${file}:${line}`));
  }
  return found;
}

/** Groups in brackets and the file's own name are no part of the URL. */
function patternOf(file: string): string {
  const segments = path.dirname(file).split(path.sep).slice(1);
  return `/${segments.filter((segment) => !/^\(.*\)$/.test(segment)).join("/")}`;
}

async function addRoutes(found: AppEntries, file: string): Promise<void> {
  const module = (await import(path.join(root, file))) as Record<
    string,
    { permission?: string; body?: string }
  >;
  for (const method of methods) {
    const handler = module[method];
    if (!handler) continue;
    const entry = `${method} ${patternOf(file)}`;
    found.routes.set(entry, handler.permission ?? null);
    found.bodies.set(entry, handler.body ?? null);
  }
}

/** In a file of actions every exported value is one; each must be made by action({permission: "…"}). */
function addActions(found: AppEntries, file: string, source: ts.SourceFile): void {
  for (const statement of source.statements) {
    const exported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (ts.isVariableStatement(statement) && exported) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        found.actions.set(`${file}#${name.getText(source)}`, permissionOf(initializer, "action"));
      }
    } else if (ts.isFunctionDeclaration(statement) && exported) {
      found.actions.set(`${file}#${statement.name?.text ?? "default"}`, null);
    } else if (ts.isExportDeclaration(statement) && !statement.isTypeOnly) {
      found.actions.set(`${file}#${statement.getText(source)}`, null);
    } else if (ts.isExportAssignment(statement)) {
      found.actions.set(`${file}#default`, null);
    }
  }
}

/** `wrapper({permission: "name", …}, …)` -> name. */
function permissionOf(node: ts.Node | undefined, wrapper: string): string | null {
  if (!node || !ts.isCallExpression(node) || node.expression.getText() !== wrapper) return null;
  const [options] = node.arguments;
  if (!options || !ts.isObjectLiteralExpression(options)) return null;
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== "permission") continue;
    return ts.isStringLiteral(property.initializer) ? property.initializer.text : null;
  }
  return null;
}

/** What the page itself, and whatever else is in its file, gives to requirePage; each permission once. */
function permissionsOfPage(source: ts.SourceFile): string[] {
  const page = source.statements.find(
    (statement) =>
      ts.isFunctionDeclaration(statement) &&
      statement.modifiers?.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword),
  );
  const own = page ? givenToRequirePage(page) : [];
  return [
    ...new Set([...(own.length > 0 ? own : ["none in the page itself"]), ...givenToRequirePage(source)]),
  ];
}

function givenToRequirePage(within: ts.Node): string[] {
  const names: string[] = [];
  visit(within, (node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== "requirePage") return;
    const [first] = node.arguments;
    names.push(first && ts.isStringLiteral(first) ? first.text : "not stated as a text");
  });
  return names;
}

function inlineActions(source: ts.SourceFile): number[] {
  const lines: number[] = [];
  visit(source, (node) => {
    if (!ts.isBlock(node) || !startsWithUseServer(node.statements)) return;
    lines.push(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1);
  });
  return lines;
}

function startsWithUseServer(statements: ts.NodeArray<ts.Statement>): boolean {
  return statements.some(
    (statement) =>
      ts.isExpressionStatement(statement) &&
      ts.isStringLiteral(statement.expression) &&
      statement.expression.text === "use server",
  );
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

const parse = (file: string, text: string) =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
