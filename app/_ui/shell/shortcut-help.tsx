"use client";

import { IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { createKeySequence } from "./key-sequence.ts";
import shell from "./shell.module.css";
import classes from "./shortcut-help.module.css";
import { shortcutsAreOn, switchShortcuts } from "./shortcut-switch.ts";

interface Shortcut {
  keys: string;
  label: string;
}

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
  return shown === null ? null : <HelpDialog shortcuts={shown} onClose={() => setShown(null)} />;
}

/** The browser's own dialog: it keeps the focus, closes with Escape, and gives the focus back. */
function HelpDialog({ shortcuts, onClose }: { shortcuts: Shortcut[]; onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(shortcutsAreOn);
  const [kept, setKept] = useState(true);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  const close = () => box.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it, as Escape does
    <dialog
      ref={box}
      className={classes.box}
      aria-labelledby="shortcuts-title"
      data-off={on ? undefined : true}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === box.current) close();
      }}
    >
      <div className={classes.head}>
        <h2 id="shortcuts-title">Keyboard shortcuts</h2>
        <button type="button" className={shell.control} aria-label="Close" onClick={close}>
          <IconX size={18} aria-hidden />
        </button>
      </div>
      <table>
        <tbody>
          {shortcuts.map(({ keys, label }) => (
            <tr key={keys}>
              <th scope="row">
                {keys.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{label}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className={classes.switch}>
        <input
          type="checkbox"
          checked={on}
          onChange={({ currentTarget: { checked } }) => {
            setOn(checked);
            setKept(switchShortcuts(checked));
          }}
        />
        Keys without Ctrl or Alt are shortcuts
      </label>
      <p className={classes.note}>
        {kept
          ? "Switch them off if you dictate, or press keys by accident; this browser remembers it."
          : "This browser keeps nothing for this site, so it cannot remember the choice."}{" "}
        Keys of two letters are pressed one after the other.
      </p>
    </dialog>
  );
}
