import type { Auth } from "#infra/auth/auth.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { Actor } from "./permissions.ts";

/** A request that carries a bearer token is judged by it alone, whatever cookies came along. */
export function isBearer(headers: Headers): boolean {
  return /^bearer\s/i.test(headers.get("authorization") ?? "");
}

/** Whoever the request's session belongs to, with the roles they hold at this moment; null when signed in by nobody. */
export async function findActor(services: { auth: Auth; db: Db }, headers: Headers): Promise<Actor | null> {
  const asked = new Headers(headers);
  if (isBearer(asked)) asked.delete("cookie");
  else asked.delete("authorization");
  const session = await services.auth.api
    .getSession({ headers: asked })
    .catch((error: unknown) => rethrow(services.db, error));
  if (!session) return null;
  const user = await services.db.user.findUniqueOrThrow({
    where: { id: session.user.id },
    select: { timeZone: true, enrollments: { select: { courseId: true, role: true } } },
  });
  const { timeZone, enrollments } = user;
  const asStudent = enrollments.some(({ role }) => role !== "student") && asksAsStudent(asked);
  return {
    ...{ userId: session.user.id, name: session.user.name, email: session.user.email, timeZone, asStudent },
    enrollments: asStudent
      ? enrollments.map(({ courseId }) => ({ courseId, role: "student" as const }))
      : enrollments,
  };
}

/** Set by staff for their own browser; whoever forges it may only less. */
export const viewCookie = "drydock-view";

const asksAsStudent = (headers: Headers) =>
  (headers.get("cookie") ?? "").split(";").some((one) => one.trim() === `${viewCookie}=student`);

/** better-auth keeps to itself what went wrong in the database; where that does not answer, asking it throws why. */
async function rethrow(db: Db, error: unknown): Promise<never> {
  await db.$queryRaw`SELECT 1`;
  throw error;
}
