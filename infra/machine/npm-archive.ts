import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { RecipeFile } from "./recipe.ts";

const releaseFile = "images/node/npm-release.sh";

/**
 * The npm release that images/node/npm-release.sh names, as a file of the recipe, fetched by this computer's own npm
 * and so with its registry, proxy and certificates. Nothing where there is no npm: the recipe then fetches it itself.
 * The recipe checks its sha512 either way.
 */
export async function fetchNpm(files: RecipeFile[]): Promise<RecipeFile[]> {
  const release = files.find((file) => file.path === releaseFile)?.content.toString();
  const version = /^npm_version=(\S+)$/m.exec(release ?? "")?.[1];
  if (!version) throw new Error(`${releaseFile} names no npm_version.`);
  const folder = await mkdtemp(path.join(tmpdir(), "drydock-npm-"));
  try {
    const name = `npm-${version}.tgz`;
    await promisify(execFile)("npm", ["pack", `npm@${version}`, "--pack-destination", folder, "--silent"], {
      cwd: folder,
    });
    const content = await readFile(path.join(folder, name));
    return [{ path: `images/node/${name}`, content, executable: false }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}
