import { AppError } from "#course/errors.ts";

/** Thrown by refuseOtherPerson. */
export const otherPersonCode = "other-person";

/** For a form, whose next page knows the code alone. */
export const otherPersonSentence =
  "Somebody else has signed in in this browser since the page was opened, so nothing was sent under their name. Sign in as yourself and send your files again.";

/**
 * A page says for whom it was opened, and its work is never handed in under another name: somebody else may have
 * signed in in the same browser since. Throws AppError; person: null when the sender says nothing of it.
 */
export function refuseOtherPerson(person: string | null, actor: { userId: string; name: string }): void {
  if (person === null || person === actor.userId) return;
  throw new AppError({
    code: otherPersonCode,
    userMessage: `${actor.name} has signed in in this browser since this page was opened, so nothing was sent under that name. To hand it in as yourself, sign in again; to hand in as ${actor.name}, load this page again.`,
  });
}
