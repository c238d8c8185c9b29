"use client";

import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type ComponentProps, useRef } from "react";
import { Button } from "../plain/button.tsx";
import { useCopied } from "../plain/use-copied.ts";
import classes from "./tutorial.module.css";

type PreProps = ComponentProps<"pre"> & { "data-title"?: string; "data-lang"?: string };

/** A block of code with its file's name or language, and a button that copies it. */
export function CodeBlock({ "data-title": title, "data-lang": lang, children, ...pre }: PreProps) {
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
          leftSection={copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
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
