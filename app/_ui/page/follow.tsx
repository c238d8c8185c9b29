"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const everySeconds = 5;

/**
 * Has the server render the page again and again, for as long as it has this in it: while it shows a run that goes on.
 * A page that nobody looks at asks nothing. typing: it has forms, which a page that loads anew without JavaScript would
 * empty.
 */
export function Follow({ typing = false }: { typing?: boolean }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, everySeconds * 1000);
    return () => clearInterval(timer);
  }, [router]);
  return typing ? null : (
    <noscript>
      <meta httpEquiv="refresh" content={String(everySeconds)} />
    </noscript>
  );
}
