"use client";

import { type ReactNode, useActionState } from "react";
import { signOut } from "../../_server/actions/session-actions.ts";
import classes from "./shell.module.css";

/** children: its icon, drawn by the server. */
export function SignOutForm({ children }: { children: ReactNode }) {
  const [state, action, pending] = useActionState(signOut, { error: null });
  return (
    <form action={action}>
      <button type="submit" className={classes.control} disabled={pending} title={state.error ?? undefined}>
        {children} Sign out
      </button>
      {state.error ? <span role="alert">{state.error}</span> : null}
    </form>
  );
}
