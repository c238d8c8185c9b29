import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Encoding } from "./accepted-encoding.ts";

/** A file of the build, with each form of it that infra/build/precompress.mjs made. */
export interface StaticFile {
  type: string;
  /** Of the bytes as they are; a form's own tag has its name too. */
  hash: string;
  plain: Buffer;
  packed: Partial<Record<Encoding, Buffer>>;
}

const types: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const endings: Record<Encoding, string> = { br: ".br", gzip: ".gz" };

/**
 * All files of the build that browsers are sent, by their path in the address: some megabytes, kept in memory.
 * Files of other types, and a build that is not there, are left to Next.
 */
export async function readStaticFiles(nextDir: string): Promise<Map<string, StaticFile>> {
  const root = path.join(nextDir, "static");
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(noBuild);
  const names = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  const there = new Set(names);
  const files = new Map<string, StaticFile>();
  for (const name of names) {
    const type = types[path.extname(name)];
    if (type === undefined) continue;
    const file = path.join(root, name);
    const plain = await readFile(file);
    const packed: StaticFile["packed"] = {};
    for (const [encoding, ending] of Object.entries(endings) as [Encoding, string][]) {
      if (there.has(name + ending)) packed[encoding] = await readFile(file + ending);
    }
    const hash = createHash("sha256").update(plain).digest("base64url").slice(0, 16);
    files.set(`/_next/static/${name.split(path.sep).join("/")}`, { type, hash, plain, packed });
  }
  return files;
}

function noBuild(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}
