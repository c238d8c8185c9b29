import type { Clock } from "#course/clock.ts";
import { AppError } from "#course/errors.ts";
import type { Db } from "#infra/db/connection/client.ts";
import {
  type Actor,
  type ActorOf,
  decide,
  type PermissionName,
  permissions,
  type SubjectOf,
} from "./permissions.ts";
import { findSubject, type SubjectRefOf } from "./subjects.ts";

/** What every entry point does first. Returns the subject the permission was decided on. Throws AppError. */
export async function authorize<P extends PermissionName>(
  services: { db: Db; clock: Clock },
  permission: P,
  actor: Actor | null,
  ref: SubjectRefOf<P>,
): Promise<{ actor: ActorOf<P>; subject: SubjectOf<P> }> {
  // Nobody learns from the answer whether something exists.
  if (actor === null && permission !== "site.view") throw signInNeeded();
  const subject = await findSubject(services.db, permission, ref, services.clock());
  if (subject === null && permissions[permission].subject !== "none") throw notFound();
  const decision = decide(permission, actor, subject as SubjectOf<P>);
  if (decision === "sign-in") throw signInNeeded();
  if (decision === "hidden") throw notFound();
  if (decision === "forbidden") {
    throw new AppError({
      code: "forbidden",
      userMessage: "You may see this but not do that to it. Ask the staff of your course.",
    });
  }
  return { actor: actor as ActorOf<P>, subject: subject as SubjectOf<P> };
}

/** The same as a question: whether the actor may do this now. */
export async function isAllowed<P extends PermissionName>(
  services: { db: Db; clock: Clock },
  permission: P,
  actor: Actor | null,
  ref: SubjectRefOf<P>,
): Promise<boolean> {
  const subject = await findSubject(services.db, permission, ref, services.clock());
  if (subject === null && permissions[permission].subject !== "none") return false;
  return decide(permission, actor, subject as SubjectOf<P>) === "allowed";
}

const signInNeeded = () =>
  new AppError({
    code: "sign-in-needed",
    userMessage: "This needs a signed-in person: sign in, or send Authorization: Bearer with a token.",
  });
const notFound = () =>
  new AppError({ code: "not-found", userMessage: "There is nothing here that you may see." });
