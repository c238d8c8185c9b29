"use client";

import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * Keeps what the reader looks at where it is when the lines before it arrive, all at once: the box scrolls on by as
 * much as they are high. At its very beginning it stays there. missing: how many lines are not there yet.
 */
export function useKeptPlace(box: RefObject<HTMLElement | null>, missing: number): void {
  const before = useRef<number | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    if (missing > 0) {
      before.current = element.scrollHeight;
      return;
    }
    const was = before.current;
    before.current = null;
    if (was !== null && element.scrollTop > 0) element.scrollTop += element.scrollHeight - was;
  });
}
