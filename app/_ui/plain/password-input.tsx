"use client";

import { type ComponentProps, useState } from "react";
import { TextInput } from "./field.tsx";
import classes from "./password-input.module.css";

/** Drawn here: the icons' package would be the larger part of the page's own code. */
const eye = "M3 12c3-5 6-7 9-7s6 2 9 7c-3 5-6 7-9 7s-6-2-9-7m11 0a2 2 0 1 1-4 0a2 2 0 1 1 4 0";

type PasswordInputProps = Omit<ComponentProps<typeof TextInput>, "type">;

/** A password, with a button that shows it; the button does without JavaScript by not being there. */
export function PasswordInput(props: PasswordInputProps) {
  const [shown, setShown] = useState(false);
  return (
    <div className={classes.box}>
      <TextInput {...props} inputClassName={classes.input} type={shown ? "text" : "password"} />
      <button
        type="button"
        className={`${classes.toggle} needs-script`}
        aria-label="Show the password"
        aria-pressed={shown}
        // One stop fewer between the password and the button that sends it.
        tabIndex={-1}
        onClick={() => setShown(!shown)}
      >
        <svg width={17} height={17} viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden>
          <path d={shown ? `${eye}M4 4l16 16` : eye} strokeWidth={2} strokeLinecap="round" />
        </svg>
      </button>
    </div>
  );
}
