import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import type { RecipeFile } from "#infra/machine/recipe.ts";

const mtime = new Date(0);
const recipeFolder = "opt/drydock/recipe";
const programsFolder = "opt/kubernetes/bin";

/**
 * What a builder unpacks at /: the recipe's files and the programs that its steps need, as a gzipped tar. files: of all
 * layers; one that several have is packed once. programs: files of this computer. onRead is told which part of it, 0 to 1,
 * has been packed.
 */
export async function packBuilderFiles(
  files: readonly RecipeFile[],
  programs: readonly string[],
  onRead: (fraction: number) => void,
): Promise<Readable> {
  const recipe = [...new Map(files.map((file) => [file.path, file])).values()];
  const sizes = await Promise.all(programs.map(async (program) => (await stat(program)).size));
  const total = [...recipe.map(({ content }) => content.length), ...sizes].reduce((sum, n) => sum + n, 0);
  let read = 0;
  const archive = pack();
  const add = async () => {
    for (const file of recipe) {
      const name = `${recipeFolder}/${file.path}`;
      archive.entry({ name, mode: file.executable ? 0o755 : 0o644, mtime }, file.content);
      read += file.content.length;
    }
    for (const [i, program] of programs.entries()) {
      const name = `${programsFolder}/${path.basename(program)}`;
      const source = createReadStream(program).on("data", (chunk) => {
        read += chunk.length;
        onRead(read / total);
      });
      await pipeline(source, archive.entry({ name, mode: 0o755, size: sizes[i] ?? 0, mtime }));
    }
    archive.finalize();
  };
  add().catch((error: Error) => archive.destroy(error));
  const gzip = createGzip({ level: 6 });
  // What goes wrong on the way ends what reads from here.
  pipeline(Readable.from(archive), gzip).catch((error: Error) => gzip.destroy(error));
  return gzip;
}
