"use client";

import { useEffect, useState } from "react";
import { systemClock } from "#infra/clock/clock.ts";

/**
 * The current instant in milliseconds, once a second. The first render shows the server's `nowIso`, so that
 * what was sent and what hydrates are the same text.
 */
export function useNow(nowIso: string, ticking = true): number {
  const [now, setNow] = useState(() => Date.parse(nowIso));
  useEffect(() => {
    if (!ticking) return;
    const tick = () => setNow(systemClock().getTime());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
