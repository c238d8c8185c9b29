"use client";

import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";
import classes from "./waiting-bar.module.css";

/** A line at the top from the click on a link of this site until its page is there; slow pages say so. */
export function WaitingBar() {
  const path = usePathname();
  const [waitingFor, setWaitingFor] = useState<string | null>(null);
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (!link || !plain || link.target || link.hasAttribute("download")) return;
      const to = new URL(link.href);
      if (to.origin === window.location.origin && to.pathname !== window.location.pathname) {
        setWaitingFor(to.pathname);
      }
    };
    document.addEventListener("click", onClick);
    return () => document.removeEventListener("click", onClick);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the new path is what ends the waiting
  useEffect(() => setWaitingFor(null), [path]);
  return waitingFor ? (
    <div className={classes.bar} role="status">
      <span className="sr">Loading</span>
    </div>
  ) : null;
}
