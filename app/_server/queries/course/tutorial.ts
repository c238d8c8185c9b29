import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { type CompiledTutorial, compileTutorial } from "../../../_ui/tutorial/compile-tutorial.ts";

/** Compiled pages by file, as long as the file does not change. Compiling one takes about a second. */
const compiled = new Map<string, { mtimeMs: number; size: number; tutorial: Promise<CompiledTutorial> }>();

/**
 * The page of an assignment. page: path below the course's content folder, checked by the course's schema; null
 * when the file is gone.
 */
export async function readTutorial(
  contentDir: string,
  courseSlug: string,
  page: string,
): Promise<CompiledTutorial | null> {
  const file = path.join(contentDir, courseSlug, page);
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!found) return null;
  const known = compiled.get(file);
  if (known && known.mtimeMs === found.mtimeMs && known.size === found.size) return known.tutorial;
  const tutorial = readFile(file, "utf8").then(compileTutorial);
  compiled.set(file, { mtimeMs: found.mtimeMs, size: found.size, tutorial });
  // A page that does not compile is tried again at the next request, so that a corrected one shows at once.
  tutorial.catch(() => compiled.delete(file));
  return tutorial;
}
