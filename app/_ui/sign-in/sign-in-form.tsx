"use client";

import { type ReactNode, useActionState } from "react";
import { signIn } from "../../_server/actions/session-actions.ts";
import { NoticeBox } from "../page/notice-box.tsx";
import { Button } from "../plain/button.tsx";
import { TextInput } from "../plain/field.tsx";
import { PasswordInput } from "../plain/password-input.tsx";
import classes from "./sign-in.module.css";

/** Why somebody is asked to sign in. No title is named: a stranger learns of no page whether it exists. */
export type SignInReason = "to-open" | "signed-out" | null;

const reasons = {
  "to-open": "Sign in to open that page.",
  "signed-out": "You are signed out.",
};

interface SignInFormProps {
  next: string;
  reason: SignInReason;
  /** Of a refusal, drawn by the server. */
  badIcon: ReactNode;
}

/** A plain form: signs in before JavaScript has loaded, too. */
export function SignInForm({ next, reason, badIcon }: SignInFormProps) {
  const [state, action, pending] = useActionState(signIn, { error: null, email: "" });
  return (
    <div className={classes.box}>
      <h1>Sign in</h1>
      {reason ? <p className={classes.reason}>{reasons[reason]}</p> : null}
      <form action={action}>
        <div className={classes.fields}>
          {state.error ? (
            <NoticeBox tone="bad" announce icon={badIcon}>
              {state.error}
            </NoticeBox>
          ) : null}
          <input type="hidden" name="next" value={next} />
          <TextInput
            label="E-mail"
            name="email"
            type="email"
            autoComplete="username"
            // There is nothing else to do on this page.
            autoFocus
            required
            defaultValue={state.email}
            key={state.email}
          />
          <PasswordInput label="Password" name="password" autoComplete="current-password" required />
          <Button type="submit" loading={pending}>
            Sign in
          </Button>
        </div>
      </form>
      <p>Your course's staff make accounts. If you have none, or forgot the password, write to them.</p>
    </div>
  );
}
