"use client";

import { lazy, Suspense, useEffect, useState } from "react";

/** Loaded, with what reckons zones, when the first time is pointed at or has the focus. */
const ZoneTip = lazy(() => import("./zone-tip.tsx"));

/** The other zones of every time on the page. */
export function ZoneTips() {
  const [first, setFirst] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (first !== null) return;
    const ask = ({ target }: Event) => {
      if (target instanceof Element) setFirst(target.closest<HTMLElement>("time[data-zones]"));
    };
    document.addEventListener("pointerover", ask);
    document.addEventListener("focusin", ask);
    return () => {
      document.removeEventListener("pointerover", ask);
      document.removeEventListener("focusin", ask);
    };
  }, [first]);
  return first === null ? null : (
    <Suspense>
      <ZoneTip first={first} />
    </Suspense>
  );
}
