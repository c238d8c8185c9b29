import type { Db } from "#infra/db/client.ts";
import type { Role } from "../permissions.ts";

export interface CoursePerson {
  userId: string;
  name: string;
  email: string;
  role: Role;
  section: string | null;
}

/** Everybody who is enrolled in the course, by name. */
export async function listPeople(db: Db, courseId: string): Promise<CoursePerson[]> {
  const rows = await db.enrollment.findMany({
    where: { courseId },
    orderBy: [{ user: { name: "asc" } }, { user: { email: "asc" } }],
    select: {
      role: true,
      section: { select: { code: true } },
      user: { select: { id: true, name: true, email: true } },
    },
  });
  return rows.map(({ role, section, user }) => ({
    userId: user.id,
    name: user.name,
    email: user.email,
    role,
    section: section?.code ?? null,
  }));
}
