import type { Db } from "#infra/db/connection/client.ts";
import type { Role } from "../../access/permissions.ts";

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
    select: {
      role: true,
      section: { select: { code: true } },
      user: { select: { id: true, name: true, email: true } },
    },
  });
  const people = rows.map(({ role, section, user }) => ({
    userId: user.id,
    name: user.name,
    email: user.email,
    role,
    section: section?.code ?? null,
  }));
  // Here, not in the database, which would read everybody of every course for their names.
  return people.sort((a, b) => compare(a.name, b.name) || compare(a.email, b.email));
}

const compare = (a: string, b: string) => a.localeCompare(b, "en");
