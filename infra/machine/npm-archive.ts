import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { AppError } from "#course/errors.ts";
import type { RecipeFile } from "./recipe.ts";

const releaseFile = "images/node/npm-release.sh";

/**
 * The npm release that images/node/npm-release.sh names, as a file of the recipe, fetched by this computer's own npm
 * and so with its registry, proxy and certificates. The recipe checks its sha512. Throws AppError no-npm where there is
 * no npm.
 */
export async function fetchNpm(files: RecipeFile[], signal: AbortSignal): Promise<RecipeFile[]> {
  const release = files.find((file) => file.path === releaseFile)?.content.toString();
  const version = /^npm_version=(\S+)$/m.exec(release ?? "")?.[1];
  if (!version) throw new Error(`${releaseFile} names no npm_version.`);
  const folder = await mkdtemp(path.join(tmpdir(), "drydock-npm-"));
  try {
    const name = `npm-${version}.tgz`;
    await promisify(execFile)("npm", ["pack", `npm@${version}`, "--pack-destination", folder, "--silent"], {
      cwd: folder,
      signal,
    });
    const content = await readFile(path.join(folder, name));
    return [{ path: `images/node/${name}`, content, executable: false }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new AppError({
      code: "no-npm",
      userMessage: `The machine image needs npm ${version}, which is fetched with npm, and there is none on the PATH: install npm.`,
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
