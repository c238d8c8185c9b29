"use client";

import { type KeyboardEvent, type ReactNode, useSyncExternalStore } from "react";
import classes from "./run-page.module.css";

export const partNames = ["checks", "log", "receipt"] as const;
/** What the page is made of: beside and below each other where there is room, and one at a time on a phone. */
export type PartName = (typeof partNames)[number];

const words: Record<PartName, string> = { checks: "Checks", log: "Log", receipt: "Receipt" };
/** As in run-page.module.css. */
const narrow = "(max-width: 62em)";

/** Which part an address leads to by its fragment; null where it names none of them. */
export function partOf(hash: string): PartName | null {
  if (hash.startsWith("#check-")) return "checks";
  if (/^#(L\d|log)/.test(hash)) return "log";
  return hash === "#receipt" ? "receipt" : null;
}

/** The tabs of a phone; where all parts are shown there are none. */
export function PartTabs({ part, onPart }: { part: PartName; onPart(part: PartName): void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = partNames.at((partNames.indexOf(part) + step) % partNames.length) ?? part;
    onPart(next);
    document.getElementById(tabId(next))?.focus();
    event.preventDefault();
  };
  return (
    <div
      className={`${classes.tabs} needs-script`}
      role="tablist"
      aria-label="Parts of the run"
      onKeyDown={onKeyDown}
    >
      {partNames.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={tabId(name)}
          aria-selected={name === part}
          aria-controls={name}
          tabIndex={name === part ? 0 : -1}
          onClick={() => onPart(name)}
        >
          {words[name]}
        </button>
      ))}
    </div>
  );
}

/** One part; on a phone the panel of its tab. */
export function Part({ name, alone, children }: { name: PartName; alone?: boolean; children: ReactNode }) {
  const tabbed = useSyncExternalStore(
    watchWidth,
    () => window.matchMedia(narrow).matches,
    () => false,
  );
  return (
    <div
      id={name}
      // Where "Skip the checks" leads.
      tabIndex={name === "log" ? -1 : undefined}
      className={classes.side}
      data-name={name}
      data-alone={alone || undefined}
      {...(tabbed ? { role: "tabpanel", "aria-labelledby": tabId(name) } : {})}
    >
      {children}
    </div>
  );
}

const tabId = (name: PartName) => `${name}-tab`;

function watchWidth(onChange: () => void): () => void {
  const query = window.matchMedia(narrow);
  query.addEventListener("change", onChange);
  return () => query.removeEventListener("change", onChange);
}
