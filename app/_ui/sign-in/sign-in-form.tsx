"use client";

import { useActionState } from "react";
import { signIn } from "../../_server/actions/session-actions.ts";
import { Notice } from "../page/notice.tsx";
import { Button } from "../plain/button.tsx";
import { TextInput } from "../plain/field.tsx";
import { PasswordInput } from "../plain/password-input.tsx";
import classes from "./sign-in.module.css";

/** A plain form: signs in before JavaScript has loaded, too. */
export function SignInForm({ next }: { next: string }) {
  const [state, action, pending] = useActionState(signIn, { error: null, email: "" });
  return (
    <div className={classes.box}>
      <h1>Sign in</h1>
      <form action={action}>
        <div className={classes.fields}>
          {state.error ? (
            <Notice tone="bad" announce>
              {state.error}
            </Notice>
          ) : null}
          <input type="hidden" name="next" value={next} />
          <TextInput
            label="E-mail"
            name="email"
            type="email"
            autoComplete="username"
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
