"use client";

import { useEffect, useRef } from "react";
import { useCopied } from "../plain/use-copied.ts";
import classes from "./files.module.css";
import { type LineRange, lineHash, readLineRange } from "./line-range.ts";

interface FileToolsProps {
  /** Id of the element with the lines. */
  code: string;
  /** The page has only the file's beginning. */
  partly: boolean;
}

const lineAt = (number: number) => document.getElementById(`L${number}`);

function mark(code: string, range: LineRange | null): void {
  for (const line of document.querySelectorAll(`#${code} [data-linked]`)) line.removeAttribute("data-linked");
  if (range === null) return;
  for (let number = range.from; number <= range.to; number += 1) {
    const line = lineAt(number);
    if (line === null) return;
    line.dataset.linked = "";
  }
}

/** What a file holds from its lines on the page, with the characters that are shown by their names. */
function textOf(code: string): string {
  const lines = [...document.querySelectorAll(`#${code} code`)].map((line) => {
    const copy = line.cloneNode(true) as HTMLElement;
    for (const named of copy.querySelectorAll<HTMLElement>("[data-c]"))
      named.replaceWith(String.fromCodePoint(Number.parseInt(named.dataset.c ?? "20", 16)));
    return copy.textContent ?? "";
  });
  return `${lines.join("\n")}\n`;
}

/** Copies the file, goes to a line, and marks the lines that the address names; Shift and a click name several. */
export function FileTools({ code, partly }: FileToolsProps) {
  const { copied, refused, copy } = useCopied();
  const first = useRef<number | null>(null);

  useEffect(() => {
    const show = (scroll: boolean) => {
      const range = readLineRange(window.location.hash);
      mark(code, range);
      first.current = range?.from ?? first.current;
      if (scroll && range) lineAt(range.from)?.scrollIntoView({ block: "center" });
    };
    // The browser itself goes to a single line.
    show(window.location.hash.includes("-"));
    const onHash = () => show(false);
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const clicked = link && readLineRange(link.hash);
      if (!clicked || !event.shiftKey || first.current === null) return;
      event.preventDefault();
      const [from, to] = [first.current, clicked.from];
      window.history.replaceState(
        null,
        "",
        `#${lineHash({ from: Math.min(from, to), to: Math.max(from, to) })}`,
      );
      show(false);
    };
    const box = document.getElementById(code);
    box?.addEventListener("click", onClick);
    window.addEventListener("hashchange", onHash);
    return () => {
      box?.removeEventListener("click", onClick);
      window.removeEventListener("hashchange", onHash);
    };
  }, [code]);

  const label = partly ? "Copy this part" : "Copy";
  return (
    <span className={`${classes.tools} needs-script`}>
      <form
        className={classes.tools}
        onSubmit={(event) => {
          event.preventDefault();
          const range = readLineRange(String(new FormData(event.currentTarget).get("line") ?? ""));
          if (range === null) return;
          window.location.hash = lineHash(range);
          lineAt(range.from)?.scrollIntoView({ block: "center" });
        }}
      >
        <input
          className={classes.line}
          name="line"
          aria-label="Go to line, such as 10 or 10-20"
          placeholder="Line"
          inputMode="numeric"
          autoComplete="off"
        />
      </form>
      <button type="button" className={classes.button} onClick={() => copy(textOf(code))}>
        <span aria-live="polite">{refused ? "The browser refused" : copied ? "Copied" : label}</span>
      </button>
    </span>
  );
}
