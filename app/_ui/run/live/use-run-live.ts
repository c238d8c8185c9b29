"use client";

import { useEffect, useReducer, useState } from "react";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import type { LogTail } from "#app/_server/queries/run/log-tail.ts";
import type { QueueView, RunView } from "#app/_server/queries/run/run-view.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { machineGone } from "../machine-gone.ts";
import { followRun } from "./follow-run.ts";
import { pollPace } from "./poll-pace.ts";
import { applyEarlier, applyEvents, applyPlace, applyView, type RunLive, startLive } from "./run-live.ts";
import { fetchEvents, fetchView, openStream, SignedOut } from "./run-requests.ts";
import { mayKeepStreamSlot, takeStreamSlot } from "./stream-slot.ts";
import { useEarlier } from "./use-earlier.ts";
import { useRepeated } from "./use-repeated.ts";

type Action =
  | { type: "events"; events: readonly StreamedEvent[] }
  | { type: "earlier"; events: readonly StreamedEvent[]; last: boolean }
  | { type: "view"; view: RunView }
  | { type: "place"; queue: QueueView };

function reduce(live: RunLive, action: Action): RunLive {
  switch (action.type) {
    case "events":
      return applyEvents(live, action.events);
    case "earlier":
      return applyEarlier(live, action.events, action.last);
    case "view":
      return applyView(live, action.view);
    case "place":
      return applyPlace(live, action.queue);
  }
}

/** Events that arrive within this many milliseconds are shown together. */
const batchMs = 40;
const now = () => systemClock().getTime();

/** ended: all events are told, and the page follows nothing but, now and then, the server's view. */
export type Connection = "connecting" | "live" | "broken" | "ended";

export interface LiveConnection {
  connection: Connection;
  /** Of a broken connection: when the server was last heard, milliseconds since 1970; null otherwise. */
  silentSince: number | null;
  /** Nobody is signed in any more, so soon nothing is heard of the run. */
  signedOut: boolean;
}

/** The run as it happens: the server's view with the log's end, moved on by the run's events. */
export function useRunLive(initial: RunView, tail: LogTail): RunLive & LiveConnection {
  const [live, dispatch] = useReducer(reduce, null, () => startLive(initial, tail));
  // What the server said last of a run that is over has come with the page.
  const [stage, setStage] = useState<Exclude<Connection, "broken">>(
    initial.run.final ? "ended" : "connecting",
  );
  const [silent, setSilent] = useState<Record<Voice, number | null>>(nobodySilent);
  const [signedOut, setSignedOut] = useState(false);
  const runId = initial.run.id;
  /** Takes note of whether the reader is still signed in. */
  const noting = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      const answered = await answer;
      setSignedOut(false);
      return answered;
    } catch (error) {
      if (error instanceof SignedOut) setSignedOut(true);
      throw error;
    }
  };
  const hear = (voice: Voice, since: number | null) =>
    setSilent((before) => (before[voice] === since ? before : { ...before, [voice]: since }));

  // What the server rendered again, such as after an act of the reader's, is as good as an answer of its API.
  useEffect(() => dispatch({ type: "view", view: initial }), [initial]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a page follows one run, from the end that it came with
  useEffect(() => {
    if (stage === "ended") return;
    const controller = new AbortController();
    let waiting: StreamedEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const flush = () => {
      timer = null;
      dispatch({ type: "events", events: waiting });
      waiting = [];
    };
    const refresh = () =>
      fetchView(runId, controller.signal).then(
        (view) => dispatch({ type: "view", view }),
        // Asked again by the page's own rounds, which say so when they fail.
        () => undefined,
      );
    const leave = followRun(
      live.lastId,
      {
        open: openStream(runId),
        ask: (after, signal) => noting(fetchEvents(runId, { after }, signal)),
        takeSlot: takeStreamSlot,
        mayKeepSlot: mayKeepStreamSlot,
        hidden: () => document.hidden,
        now,
      },
      {
        events: (events) => {
          if (events.length === 0) return;
          waiting.push(...events);
          timer ??= setTimeout(flush, batchMs);
          if (events.some(({ event }) => event.type === "state")) void refresh();
        },
        place: (queue) => dispatch({ type: "place", queue }),
        heard: () => {
          setStage("live");
          hear("events", null);
        },
        silent: (since) => hear("events", since),
        done: () => {
          flush();
          setStage("ended");
          hear("events", null);
          void refresh();
        },
      },
    );
    return () => {
      leave();
      controller.abort();
      if (timer) clearTimeout(timer);
    };
  }, [runId]);

  useEarlier(runId, live.gap, {
    events: (events, last) => dispatch({ type: "earlier", events, last }),
    silentSince: (since) => hear("earlier", since),
  });

  const pollMs = needsPolling(live.view, stage) ? pollPace(live.view) : null;
  useRepeated(pollMs, {
    // What this run's own stream does not tell can wait until somebody looks.
    ask: async (signal) => {
      if (!document.hidden) dispatch({ type: "view", view: await noting(fetchView(runId, signal)) });
    },
    silentSince: (since) => hear("view", since),
  });

  const silentSince = oldest(silent);
  const connection = silentSince === null ? stage : "broken";
  return { ...live, connection, silentSince, signedOut };
}

/** What the page listens to. */
type Voice = "events" | "earlier" | "view";
const nobodySilent: Record<Voice, number | null> = { events: null, earlier: null, view: null };

function oldest(silent: Record<Voice, number | null>): number | null {
  const since = Object.values(silent).filter((one) => one !== null);
  return since.length === 0 ? null : Math.min(...since);
}

/** While it waits, the stream tells its place. */
function needsPolling(view: RunView, stage: Connection): boolean {
  if (view.run.state === "queued" && stage === "live") return false;
  return !view.run.final || !machineGone(view) || view.standing.underWay !== null;
}
