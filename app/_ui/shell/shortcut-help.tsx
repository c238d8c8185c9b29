"use client";

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { createKeySequence } from "./key-sequence.ts";
import type { Shortcut } from "./shortcut-dialog.tsx";
import { shortcutsAreOn } from "./shortcut-switch.ts";

/** Loaded when it is asked for. */
const ShortcutDialog = lazy(() => import("./shortcut-dialog.tsx"));

/** Whatever on the page carries data-shortcut is a shortcut: links are followed, buttons pressed, fields focused. */
function shortcutsOnPage(): Shortcut[] {
  const seen = new Map<string, Shortcut>();
  for (const element of document.querySelectorAll<HTMLElement>("[data-shortcut]")) {
    const keys = element.dataset.shortcut ?? "";
    const label =
      element.dataset.shortcutLabel ?? element.getAttribute("aria-label") ?? element.textContent ?? "";
    if (keys && !seen.has(keys)) seen.set(keys, { keys, label });
  }
  return [...seen.values(), { keys: "?", label: "Show these shortcuts" }];
}

function press(keys: string): boolean {
  const found = [...document.querySelectorAll<HTMLElement>("[data-shortcut]")].find(
    (element) => element.dataset.shortcut === keys && element.offsetParent !== null,
  );
  if (!found) return false;
  if (found instanceof HTMLInputElement) found.focus();
  else found.click();
  return true;
}

const takesText = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Presses what the page's shortcuts name, and lists them in a dialog, where single keys can be switched off. */
export function ShortcutHelp() {
  const [shown, setShown] = useState<Shortcut[] | null>(null);
  const sequence = useRef(createKeySequence());
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "k") {
        const jump = document.querySelector<HTMLElement>("[data-jump]");
        if (jump) event.preventDefault();
        jump?.click();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
      if (document.querySelector("dialog[open]") || !shortcutsAreOn()) return;
      if (event.key === "?") {
        setShown(shortcutsOnPage());
        return;
      }
      const known = shortcutsOnPage().map((shortcut) => shortcut.keys);
      const hit = sequence.current(event.key, event.timeStamp, known);
      if (hit && press(hit)) event.preventDefault();
    };
    const onAsk = () => setShown(shortcutsOnPage());
    document.addEventListener("keydown", onKey);
    document.addEventListener("drydock:shortcuts", onAsk);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("drydock:shortcuts", onAsk);
    };
  }, []);
  return shown === null ? null : (
    <Suspense>
      <ShortcutDialog shown={shown} onClose={() => setShown(null)} />
    </Suspense>
  );
}
