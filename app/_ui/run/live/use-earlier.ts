"use client";

import { useEffect, useRef } from "react";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { failuresToBreak } from "./follow-run.ts";
import { fetchEvents } from "./run-requests.ts";

/** Until what was not answered is asked for again. */
const againMs = 2_000;

interface EarlierNews {
  /** last: with these nothing is missing. */
  events(events: readonly StreamedEvent[], last: boolean): void;
  /** When the last answer came, once two in a row did not; null when one has come again. */
  silentSince(since: number | null): void;
}

/** Fetches what lies before the events that the page came with, from the run's first one on. null: nothing does. */
export function useEarlier(runId: string, gap: { beforeId: number } | null, news: EarlierNews): void {
  const told = useRef(news);
  told.current = news;
  const before = gap?.beforeId ?? null;
  useEffect(() => {
    if (before === null) return;
    const controller = new AbortController();
    void fetchAll(runId, before, told, controller.signal);
    return () => controller.abort();
  }, [runId, before]);
}

async function fetchAll(
  runId: string,
  before: number,
  told: { current: EarlierNews },
  signal: AbortSignal,
): Promise<void> {
  let after = 0;
  let failures = 0;
  let answeredAt = systemClock().getTime();
  while (!signal.aborted) {
    try {
      const page = await fetchEvents(runId, { after, before }, signal);
      if (signal.aborted) return;
      if (failures >= failuresToBreak) told.current.silentSince(null);
      failures = 0;
      answeredAt = systemClock().getTime();
      after = page.lastId;
      told.current.events(page.events, !page.more);
      if (!page.more) return;
    } catch {
      if (signal.aborted) return;
      // What it means is said by silentSince.
      failures += 1;
      if (failures === failuresToBreak) told.current.silentSince(answeredAt);
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}
