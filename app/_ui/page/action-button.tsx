"use client";

import { useActionState } from "react";
import { type FormState, untouchedForm } from "#app/_server/actions/form-state.ts";
import { Button } from "../plain/button.tsx";

interface ActionButtonProps {
  action: (previous: FormState, form: FormData) => Promise<FormState>;
  /** Sent along, unseen. */
  hidden: Record<string, string>;
  /** Of the button, where a page has several of them. */
  name?: string;
  word: string;
  /** For who hears it away from what is around. */
  label?: string;
  variant?: "filled" | "default";
}

/** A form of one button. */
export function ActionButton({ action, hidden, name, word, label, variant = "default" }: ActionButtonProps) {
  const [state, send, pending] = useActionState(action, untouchedForm);
  return (
    <form action={send}>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" name={name} variant={variant} size="xs" loading={pending} aria-label={label}>
        {word}
      </Button>
      {state.error ? <span role="alert">{state.error}</span> : null}
    </form>
  );
}
