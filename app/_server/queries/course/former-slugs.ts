import type { Services } from "../../services.ts";

/** The slug that an assignment has now, whether it is asked for by that or by one that it had; null: there is none. */
export async function assignmentNow(
  { db }: Pick<Services, "db">,
  courseId: string,
  slug: string,
): Promise<string | null> {
  const found = await db.assignment.findFirst({
    where: { courseId, OR: [{ slug }, { formerSlugs: { some: { slug } } }] },
    select: { slug: true },
  });
  return found?.slug ?? null;
}
