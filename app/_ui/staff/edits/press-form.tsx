"use client";

import type { FormState } from "#app/_server/actions/form-state.ts";
import { Button } from "../../plain/button.tsx";
import { FormFrame } from "../form-frame.tsx";
import classes from "./edits.module.css";

interface Press {
  label: string;
  /** Sent along as a field of this name, where one form has several buttons. */
  name?: string;
  value?: string;
  variant?: "filled" | "default" | "subtle";
  color?: "red.9";
  size?: "xs" | "sm";
  /** What it says to screen readers, where its label is said of several things. */
  aria?: string;
}

interface PressFormProps {
  action: (previous: FormState, form: FormData) => Promise<FormState>;
  hidden: Record<string, string>;
  presses: Press[];
}

/** A form of buttons alone. */
export function PressForm({ action, hidden, presses }: PressFormProps) {
  return (
    <FormFrame action={action} hidden={hidden}>
      {(_state, pending) => (
        <div className={classes.buttons}>
          {presses.map(({ label, aria, variant = "default", ...press }) => (
            <Button
              key={label}
              type="submit"
              variant={variant}
              aria-label={aria}
              disabled={pending}
              {...press}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </FormFrame>
  );
}
