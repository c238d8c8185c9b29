"use client";

import { type ReactNode, useState } from "react";
import { Button } from "../plain/button.tsx";
import { Dialog } from "../plain/dialog.tsx";
import { TextInput } from "../plain/field.tsx";
import classes from "./confirmed-form.module.css";

interface ConfirmedFormProps {
  action: string;
  word: string;
  /** What the button says that does nothing. */
  stay: string;
  danger?: boolean;
  /** Why it cannot be done now. */
  unable?: string;
  icon: ReactNode;
  question: string;
  consequence: string;
}

/** A form that asks first. Without JavaScript the button posts at once. */
export function ConfirmedForm({
  action,
  word,
  stay,
  danger,
  unable,
  icon,
  question,
  consequence,
}: ConfirmedFormProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <form
        method="post"
        action={action}
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <Button
          type="submit"
          variant="default"
          leftSection={icon}
          disabled={unable !== undefined}
          title={unable}
        >
          {word}
        </Button>
      </form>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={<b>{question}</b>} centered>
        <p className={classes.line}>{consequence}</p>
        <form method="post" action={action}>
          <TextInput
            name="reason"
            label="Why (optional, kept in the audit)"
            maxLength={500}
            data-autofocus
            autoComplete="off"
          />
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => setAsking(false)}>
              {stay}
            </Button>
            <Button type="submit" color={danger ? "red.9" : undefined}>
              {word}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
