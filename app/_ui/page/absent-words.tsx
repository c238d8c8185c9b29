import { LinkButton } from "./links.tsx";

/**
 * The same words whether there is no such page or it is not for the reader. email: of the reader's account, null when
 * nobody is signed in, undefined where that is not known.
 */
export function AbsentWords({ email }: { email: string | null | undefined }) {
  return (
    <>
      <p>
        The address may be mistyped, or the page belongs to a course or a person that{" "}
        {email === null ? "a stranger" : "this account"} has no part in.{" "}
        {email
          ? `You are signed in as ${email}: if you have another account, sign out and use that one.`
          : ""}
      </p>
      {email === null ? <LinkButton href="/sign-in">Sign in</LinkButton> : null}
      {email === null ? null : <LinkButton href="/">Go home</LinkButton>}
    </>
  );
}
