import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import type { RecipeFile } from "./recipe.ts";

const mtime = new Date(0);

/** A tar of files of the recipe, each below `folder`. */
export function packFiles(files: RecipeFile[], folder: string): Readable {
  const archive = pack();
  for (const file of files) {
    const name = `${folder}/${file.path}`;
    archive.entry({ name, mode: file.executable ? 0o755 : 0o644, mtime }, file.content);
  }
  archive.finalize();
  return Readable.from(archive);
}

/** A tar of programs of this computer, each directly in `folder`; read while it is sent, for they are large. */
export function packPrograms(programs: string[], folder: string): Readable {
  const archive = pack();
  const add = async () => {
    for (const program of programs) {
      const { size } = await stat(program);
      const name = `${folder}/${path.basename(program)}`;
      await pipeline(createReadStream(program), archive.entry({ name, mode: 0o755, size, mtime }));
    }
    archive.finalize();
  };
  add().catch((error: Error) => archive.destroy(error));
  return Readable.from(archive);
}
