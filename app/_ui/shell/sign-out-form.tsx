"use client";

import { type ReactNode, useActionState } from "react";
import { signOut } from "../../_server/actions/session-actions.ts";
import classes from "./shell.module.css";

const forgets = "Files that were chosen in this browser and not sent are forgotten";

/** Whoever signs out leaves the computer to others. Fetched when it is needed: pages without an upload go without. */
async function forgetChosenFiles(): Promise<void> {
  const { forgetAllKept } = await import("../upload/kept-work.ts");
  await forgetAllKept();
}

/** children: its icon, drawn by the server. */
export function SignOutForm({ children }: { children: ReactNode }) {
  const [state, action, pending] = useActionState(signOut, { error: null });
  return (
    <form action={action} onSubmit={() => void forgetChosenFiles()}>
      <button type="submit" className={classes.control} disabled={pending} title={state.error ?? forgets}>
        {children} Sign out
      </button>
      {state.error ? <span role="alert">{state.error}</span> : null}
    </form>
  );
}
