import { headers } from "next/headers";
import { notFound, permanentRedirect, redirect } from "next/navigation";
import { cache } from "react";
import { assignmentPath } from "#app/_ui/addresses.ts";
import { AppError } from "#course/errors.ts";
import { findActor } from "./access/actor.ts";
import { authorize } from "./access/authorize.ts";
import type { Actor, ActorOf, PermissionName, SubjectKindOf, SubjectOf } from "./access/permissions.ts";
import type { SubjectRefOf } from "./access/subjects.ts";
import { localPath } from "./local-path.ts";
import { assignmentNow } from "./queries/course/former-slugs.ts";
import { getServices, type Services } from "./services.ts";

export interface PageAccess<P extends PermissionName> {
  actor: ActorOf<P>;
  subject: SubjectOf<P>;
  services: Services;
}

/** Who reads this page; asked once a request, however many parts of it want to know. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const services = await getServices();
  return findActor(services, await headers());
});

/** Once a request, although a page's title and the page itself both ask. ref: as JSON, for it is compared by value. */
const authorizeOnce = cache(async (permission: PermissionName, ref: string) =>
  authorize(
    await getServices(),
    permission,
    await currentActor(),
    JSON.parse(ref) as SubjectRefOf<PermissionName>,
  ),
);

/**
 * The first line of every page. Nobody is sent to sign in and comes back; whoever may not see the page gets the same
 * "not found" as for a page that does not exist.
 */
export async function requirePage<P extends PermissionName>(
  permission: P,
  ...[ref]: SubjectKindOf<P> extends "none" ? [] : [ref: SubjectRefOf<P>]
): Promise<PageAccess<P>> {
  const services = await getServices();
  try {
    const access = await authorizeOnce(permission, JSON.stringify(ref ?? null));
    return { ...access, services } as PageAccess<P>;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "sign-in-needed") {
      const here = localPath((await headers()).get("x-drydock-path"), services.config.baseUrl);
      redirect(`/sign-in?next=${encodeURIComponent(here)}`);
    }
    await leadToNewSlug(services, await currentActor(), ref ?? null);
    notFound();
  }
}

/** Whoever is in the course and kept an address with a slug that an assignment had is sent to where it is now. */
async function leadToNewSlug(services: Services, actor: Actor | null, ref: object | null) {
  const { course, assignment } = (ref ?? {}) as { course?: string; assignment?: string };
  if (course === undefined || assignment === undefined || actor === null) return;
  const where = { slug: course, id: { in: actor.enrollments.map(({ courseId }) => courseId) } };
  const own = await services.db.course.findFirst({ where, select: { id: true } });
  if (own === null || !/^[\w-]{1,100}$/.test(assignment)) return;
  const now = await assignmentNow(services, own.id, assignment);
  const here = localPath((await headers()).get("x-drydock-path"), services.config.baseUrl);
  const old = assignmentPath(course, assignment);
  if (now === null || now === assignment || !here.startsWith(old)) return;
  permanentRedirect(assignmentPath(course, now) + here.slice(old.length));
}
