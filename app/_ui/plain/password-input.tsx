"use client";

import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { type ComponentProps, useState } from "react";
import { TextInput } from "./field.tsx";
import classes from "./password-input.module.css";

type PasswordInputProps = Omit<ComponentProps<typeof TextInput>, "type">;

/** A password, with a button that shows it; the button does without JavaScript by not being there. */
export function PasswordInput(props: PasswordInputProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? IconEyeOff : IconEye;
  return (
    <div className={classes.box}>
      <TextInput {...props} className={classes.input} type={shown ? "text" : "password"} />
      <button
        type="button"
        className={`${classes.toggle} needs-script`}
        aria-label="Show the password"
        aria-pressed={shown}
        // One stop fewer between the password and the button that sends it.
        tabIndex={-1}
        onClick={() => setShown(!shown)}
      >
        <Icon size={17} aria-hidden />
      </button>
    </div>
  );
}
