"use client";

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useActionState } from "react";
import { signIn } from "../../_server/actions/session-actions.ts";
import { Notice } from "../page/notice.tsx";
import classes from "./sign-in.module.css";

/** A plain form: signs in before JavaScript has loaded, too. */
export function SignInForm({ next }: { next: string }) {
  const [state, action, pending] = useActionState(signIn, { error: null, email: "" });
  return (
    <div className={classes.box}>
      <h1>Sign in</h1>
      <form action={action}>
        <Stack gap="sm">
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
            withAsterisk={false}
            defaultValue={state.email}
            key={state.email}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ className: "needs-script", "aria-label": "Show the password" }}
          />
          <Button type="submit" loading={pending}>
            Sign in
          </Button>
        </Stack>
      </form>
      <p>Your course's staff make accounts. If you have none, or forgot the password, write to them.</p>
    </div>
  );
}
