"use client";

import { usePathname } from "next/navigation";
import { useEffect } from "react";

/** The page that this document showed last; null until it has shown one. */
let shown: string | null = null;

/**
 * Gives the focus to the heading of a page that was come to without loading a document: what had it, a link or a
 * button, is no more, and a keyboard would begin at nothing. A document that was loaded begins at its top, as ever.
 */
export function ArrivalFocus() {
  const pathname = usePathname();
  useEffect(() => {
    const before = shown ?? loadedPath();
    shown = pathname;
    if (before === pathname || document.activeElement !== document.body) return;
    const heading = document.querySelector<HTMLElement>("main h1");
    if (heading === null) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }, [pathname]);
  return null;
}

function loadedPath(): string | null {
  const [entry] = performance.getEntriesByType("navigation");
  return entry ? new URL(entry.name).pathname : null;
}
