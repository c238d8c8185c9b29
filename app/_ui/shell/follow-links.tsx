"use client";

import { usePathname, useRouter } from "next/navigation";
import { useEffect } from "react";
import { pageToFetch, pageToOpen } from "./page-of-link.ts";

/**
 * Has the router follow the links of this site (page/links.tsx), one listener for all of them. A page is fetched ahead
 * when the reader points at its link, not because the link is in sight: a table of sixty rows asks for nothing.
 */
export function FollowLinks() {
  const router = useRouter();
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies(path): a page that is not there is looked for on each.
  useEffect(() => {
    // The server puts more round it than the router can (app/not-found.tsx).
    if (document.querySelector("[data-load-anew]") !== null) window.location.reload();
  }, [path]);
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const to = pageToOpen(event, window.location.href);
      if (to === null) return;
      event.preventDefault();
      router.push(to);
    };
    const onPoint = (event: Event) => {
      const to = pageToFetch(event.target, window.location.href);
      if (to !== null) router.prefetch(to);
    };
    document.addEventListener("click", onClick);
    for (const kind of points) document.addEventListener(kind, onPoint, { passive: true });
    return () => {
      document.removeEventListener("click", onClick);
      for (const kind of points) document.removeEventListener(kind, onPoint);
    };
  }, [router]);
  return null;
}

const points = ["pointerover", "focusin", "touchstart"] as const;
