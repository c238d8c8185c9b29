"use client";

import { IconLogout } from "@tabler/icons-react";
import { useActionState } from "react";
import { signOut } from "../../_server/actions/session-actions.ts";
import classes from "./shell.module.css";

export function SignOutForm() {
  const [state, action, pending] = useActionState(signOut, { error: null });
  return (
    <form action={action}>
      <button type="submit" className={classes.control} disabled={pending} title={state.error ?? undefined}>
        <IconLogout size={17} aria-hidden /> Sign out
      </button>
      {state.error ? <span role="alert">{state.error}</span> : null}
    </form>
  );
}
