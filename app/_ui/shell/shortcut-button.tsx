"use client";

import type { ReactNode } from "react";
import classes from "./shell.module.css";

/** children: its icon, drawn by the server. */
export function ShortcutButton({ children }: { children: ReactNode }) {
  return (
    <button
      type="button"
      className={`${classes.control} needs-script`}
      aria-label="Keyboard shortcuts"
      title="Keyboard shortcuts (?)"
      onClick={() => document.dispatchEvent(new CustomEvent("drydock:shortcuts"))}
    >
      {children}
    </button>
  );
}
