"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";

/** Pixels from the end within which the reader counts as being at the end. */
const nearEnd = 40;

/**
 * Keeps a scrolled box at its end while `following`. The reader's own scroll up pauses it; reaching the end
 * again resumes it. `size` changes whenever something was added.
 */
export function useFollow(box: RefObject<HTMLElement | null>, size: number, initially: boolean) {
  const [following, setFollowing] = useState(initially);

  // biome-ignore lint/correctness/useExhaustiveDependencies: size is what makes the end move
  useLayoutEffect(() => {
    const element = box.current;
    if (following && element) element.scrollTop = element.scrollHeight;
  }, [box, following, size]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let last = element.scrollTop;
    const onScroll = () => {
      const fromEnd = element.scrollHeight - element.clientHeight - element.scrollTop;
      if (element.scrollTop < last - 2 && fromEnd > nearEnd) setFollowing(false);
      else if (fromEnd <= 2) setFollowing(true);
      last = element.scrollTop;
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => element.removeEventListener("scroll", onScroll);
  }, [box]);

  const toggle = useCallback(() => setFollowing((on) => !on), []);
  const pause = useCallback(() => setFollowing(false), []);
  return { following, toggle, pause };
}
