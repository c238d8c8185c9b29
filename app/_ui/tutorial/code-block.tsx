"use client";

import { type ComponentProps, type ReactNode, useRef } from "react";
import { Button } from "../plain/button.tsx";
import { useCopied } from "../plain/use-copied.ts";
import classes from "./tutorial.module.css";

type PreProps = ComponentProps<"pre"> & {
  "data-title"?: string;
  "data-lang"?: string;
  /** Of its button, drawn by the server. */
  icons: { copy: ReactNode; copied: ReactNode };
};

/** A block of code with its file's name or language, and a button that copies it. */
export function CodeBlock({ "data-title": title, "data-lang": lang, icons, children, ...pre }: PreProps) {
  const box = useRef<HTMLPreElement>(null);
  const { copied, copy } = useCopied();
  const name = title ?? (lang === "text" ? "" : lang);
  return (
    <div className={classes.code}>
      <div className={classes.codehead}>
        <span className="mono">{name}</span>
        <Button
          className="needs-script"
          size="compact-xs"
          variant="subtle"
          color="gray"
          style={{ color: "var(--mantine-color-dimmed)" }}
          onClick={() => copy(box.current?.textContent ?? "")}
          leftSection={copied ? icons.copied : icons.copy}
          // What it copies is named where it has a name of its own; a language is none.
          aria-label={title && !copied ? `Copy ${title}` : undefined}
        >
          <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard too */}
      <pre {...pre} ref={box} tabIndex={0}>
        {children}
      </pre>
    </div>
  );
}
