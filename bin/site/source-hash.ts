import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const sources = [
  "app",
  "course",
  "grading",
  "infra",
  "workers",
  "prisma",
  "next.config.js",
  "package-lock.json",
  "postcss.config.mjs",
  "instrumentation.ts",
  "proxy.ts",
  "tsconfig.json",
];
/** Made from the sources, or written while running: they must not change the hash. */
const left = new Set(["infra/db/generated"]);

/** sha256 (hex) over every file that the built site is made from. Tells whether a build is stale. */
export async function hashSources(root: string): Promise<string> {
  const hash = createHash("sha256").update(process.versions.node);
  for (const source of sources) {
    for (const file of await filesBelow(root, source)) {
      hash
        .update(file)
        .update("\0")
        .update(await readFile(path.join(root, file)))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

async function filesBelow(root: string, relative: string): Promise<string[]> {
  if (left.has(relative)) return [];
  if (/\.[a-z]+$/.test(relative) && !relative.includes("/")) return [relative];
  const entries = await readdir(path.join(root, relative), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = `${relative}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(root, child)));
    else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) found.push(child);
  }
  return found;
}
