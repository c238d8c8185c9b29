"use client";

import { useEffect, useRef } from "react";
import { systemClock } from "#infra/clock/clock.ts";
import { failuresToBreak } from "./follow-run.ts";

interface Repeated {
  ask(signal: AbortSignal): Promise<void>;
  /** When the last answer came, once two in a row did not; null when one has come again. */
  silentSince(since: number | null): void;
}

/** Asks every `everyMs` from the answer before, or its failure; null: not at all. */
export function useRepeated(everyMs: number | null, repeated: Repeated): void {
  const now = useRef(repeated);
  now.current = repeated;
  useEffect(() => {
    if (everyMs === null) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let failures = 0;
    let answeredAt = systemClock().getTime();
    const ask = async () => {
      try {
        await now.current.ask(controller.signal);
        answeredAt = systemClock().getTime();
        failures = 0;
        if (!controller.signal.aborted) now.current.silentSince(null);
      } catch {
        // What it means is said by silentSince; the next round asks again.
        failures += 1;
        if (!controller.signal.aborted && failures === failuresToBreak) now.current.silentSince(answeredAt);
      }
      if (!controller.signal.aborted) timer = setTimeout(ask, everyMs);
    };
    timer = setTimeout(ask, everyMs);
    return () => {
      controller.abort();
      clearTimeout(timer);
      now.current.silentSince(null);
    };
  }, [everyMs]);
}
