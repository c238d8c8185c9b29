"use client";

import { useEffect } from "react";
import { type Dot, faviconOf } from "./favicon.ts";

/**
 * Keeps the tab's title and icon at how the run stands, for whoever waits in another tab. rendered: changes when the
 * server rendered the page again, which writes the title anew.
 */
export function useTabSigns(title: string, dot: Dot, rendered: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: rendered is what makes the title be written again
  useEffect(() => {
    document.title = `${title} · Drydock`;
  }, [title, rendered]);
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon === null) return;
    const before = icon.href;
    icon.href = faviconOf(dot);
    return () => {
      icon.href = before;
    };
  }, [dot]);
}
