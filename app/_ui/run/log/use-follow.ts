"use client";

import { type RefObject, useCallback, useEffect, useState } from "react";

/** How long after the run's end its last lines may still come. */
const lastLinesMs = 2_000;
/** Pixels from the end within which the reader counts as being at the end. */
const nearEnd = 40;

/**
 * Keeps a scrolled box at its end while `following`, whatever makes its content higher. The reader's own scroll up
 * pauses it; reaching the end again resumes it while `live`.
 */
export function useFollow(
  box: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  live: boolean,
) {
  const [following, setFollowing] = useState(live);

  useEffect(() => {
    const [outer, inner] = [box.current, content.current];
    if (!following || outer === null || inner === null) return;
    const toEnd = () => {
      outer.scrollTop = outer.scrollHeight;
    };
    toEnd();
    const observer = new ResizeObserver(toEnd);
    observer.observe(inner);
    return () => observer.disconnect();
  }, [box, content, following]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let last = element.scrollTop;
    let height = element.scrollHeight;
    const onScroll = () => {
      const fromEnd = element.scrollHeight - element.clientHeight - element.scrollTop;
      // Content that became lower moves the box as well, and is no act of the reader's.
      const shrunk = element.scrollHeight < height;
      if (!shrunk && element.scrollTop < last - 2 && fromEnd > nearEnd) setFollowing(false);
      else if (live && fromEnd <= 2) setFollowing(true);
      last = element.scrollTop;
      height = element.scrollHeight;
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => element.removeEventListener("scroll", onScroll);
  }, [box, live]);

  useEffect(() => {
    if (live) return;
    // From then on what makes the log higher is the reader's own act.
    const timer = setTimeout(() => setFollowing(false), lastLinesMs);
    return () => clearTimeout(timer);
  }, [live]);

  const toggle = useCallback(() => setFollowing((on) => !on), []);
  const pause = useCallback(() => setFollowing(false), []);
  return { following, toggle, pause };
}
