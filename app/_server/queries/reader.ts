import { cookies } from "next/headers";
import { isZone } from "#course/deadlines/zones.ts";
import { zoneCookie } from "../../_ui/shell/zone-cookie.ts";
import type { Actor } from "../access/permissions.ts";

/** Who reads the page, as its frame shows it. */
export interface Reader {
  /** null when nobody is signed in. */
  name: string | null;
  /** In the page's course, or in all of the reader's courses; "Signed in" where there is none. */
  roleWord: string;
  isStaff: boolean;
  /** Staff who see as a student does, and those who may. */
  seesAsStudent: boolean;
  maySeeAsStudent: boolean;
  /** Where times are shown: as set in the account, else as the browser told, else the course's. */
  zone: string;
  /** What the browser told last, so that it need not tell again. */
  cookieZone: string | null;
}

const roleWords = { student: "Student", ta: "Teaching assistant", instructor: "Instructor" };

/** course: of the page; null on pages of no course. */
export async function readReader(
  actor: Actor | null,
  course: { id: string; timeZone: string } | null,
): Promise<Reader> {
  const told = (await cookies()).get(zoneCookie)?.value;
  const cookieZone = told !== undefined && isZone(told) ? told : null;
  const roles = (actor?.enrollments ?? []).filter((one) => course === null || one.courseId === course.id);
  // Away from courses a role is only named when it is the same in all of them.
  const [role = null, ...others] = [...new Set(roles.map((one) => one.role))];
  return {
    name: actor?.name ?? null,
    roleWord: role === null || others.length > 0 ? "Signed in" : roleWords[role],
    isStaff: role === "ta" || role === "instructor",
    seesAsStudent: actor?.asStudent ?? false,
    maySeeAsStudent: (actor?.enrollments ?? []).some((one) => one.role !== "student"),
    zone: actor?.timeZone ?? cookieZone ?? course?.timeZone ?? "UTC",
    cookieZone,
  };
}
