"use client";

import { IconKeyboard } from "@tabler/icons-react";
import classes from "./shell.module.css";

export function ShortcutButton() {
  return (
    <button
      type="button"
      className={`${classes.control} needs-script`}
      aria-label="Keyboard shortcuts"
      title="Keyboard shortcuts (?)"
      onClick={() => document.dispatchEvent(new CustomEvent("drydock:shortcuts"))}
    >
      <IconKeyboard size={18} aria-hidden />
    </button>
  );
}
