import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { assignmentPath } from "#app/_ui/addresses.ts";
import { type CompiledTutorial, compileTutorial } from "../../../_ui/tutorial/compile-tutorial.ts";
import type { Services } from "../../services.ts";

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

/**
 * Where the page of an assignment lies, null when it has none, and the assignments with a page before and after it.
 * visible: what the reader may see of the course, in its order.
 */
export async function findPages(
  { db }: Pick<Services, "db">,
  course: { id: string; slug: string },
  slug: string,
  visible: readonly { slug: string; title: string }[],
) {
  const rows = await db.assignment.findMany({
    where: { courseId: course.id, page: { not: null } },
    select: { slug: true, page: true },
  });
  const pages = new Map(rows.map((row) => [row.slug, row.page]));
  const read = visible.filter((one) => pages.has(one.slug));
  const at = read.findIndex((one) => one.slug === slug);
  const linkTo = (place: number) => {
    const one = at < 0 ? undefined : read[place];
    return one ? { title: one.title, href: assignmentPath(course.slug, one.slug) } : null;
  };
  return { page: pages.get(slug) ?? null, around: { before: linkTo(at - 1), after: linkTo(at + 1) } };
}
