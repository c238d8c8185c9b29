"use client";

import { type ReactNode, useActionState, useEffect, useRef } from "react";
import { type FormState, untouchedForm } from "#app/_server/actions/form-state.ts";
import { Notice } from "../page/notice.tsx";
import classes from "./form-frame.module.css";

interface FormFrameProps {
  action: (previous: FormState, form: FormData) => Promise<FormState>;
  /** Sent along, unseen. */
  hidden: Record<string, string>;
  children: (state: FormState, pending: boolean) => ReactNode;
}

/**
 * A form of a server action: plain before JavaScript has loaded; after that the first field with a problem gets the
 * focus. What was typed comes back with the answer, so `children` shows it as default values.
 */
export function FormFrame({ action, hidden, children }: FormFrameProps) {
  const [state, send, pending] = useActionState(action, untouchedForm);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(state.problems).length === 0) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [state]);
  return (
    <form ref={form} action={send} className={classes.form} noValidate>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {state.error ? (
        <Notice tone="bad" announce>
          {state.error}
        </Notice>
      ) : null}
      {children(state, pending)}
    </form>
  );
}
