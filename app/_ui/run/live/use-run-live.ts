"use client";

import { useEffect, useReducer, useState } from "react";
import type { QueueView, RunView } from "#app/_server/queries/run/run-view.ts";
import { machineGone } from "../machine-gone.ts";
import { parsePlace, parseStreamed } from "./parse-streamed.ts";
import { pollPace } from "./poll-pace.ts";
import {
  applyEvents,
  applyPlace,
  applyView,
  type RunLive,
  type StreamedEvent,
  startLive,
} from "./run-live.ts";

type Action =
  | { type: "events"; events: StreamedEvent[] }
  | { type: "view"; view: RunView }
  | { type: "place"; queue: QueueView };

function reduce(live: RunLive, action: Action): RunLive {
  switch (action.type) {
    case "events":
      return applyEvents(live, action.events);
    case "view":
      return applyView(live, action.view);
    case "place":
      return applyPlace(live, action.queue);
  }
}

/** Events that arrive within this many milliseconds are shown together. */
const batchMs = 40;

export type Connection = "connecting" | "live" | "broken" | "ended";

/** The run as it happens: the server's view, moved on by the stream, which resumes by itself after a break. */
export function useRunLive(initial: RunView): RunLive & { connection: Connection } {
  const [live, dispatch] = useReducer(reduce, initial, startLive);
  const [connection, setConnection] = useState<Connection>("connecting");
  const runId = initial.run.id;

  // What the server rendered again, such as after an act of the reader's, is as good as an answer of its API.
  useEffect(() => dispatch({ type: "view", view: initial }), [initial]);

  useEffect(() => {
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
        // The stream says what is missing; without a network it tells of the break itself.
        () => undefined,
      );
    const source = new EventSource(`/api/runs/${runId}/events`);
    const take = (message: MessageEvent<string>) => {
      const event = parseStreamed(message.lastEventId, message.data);
      if (!event) return;
      waiting.push(event);
      timer ??= setTimeout(flush, batchMs);
      if (event.event.type === "state") void refresh();
    };
    for (const type of ["state", "log", "check-started", "check-finished"]) {
      source.addEventListener(type, take);
    }
    source.addEventListener("place", (message: MessageEvent<string>) => {
      const queue = parsePlace(message.data);
      if (queue) dispatch({ type: "place", queue });
    });
    source.addEventListener("open", () => setConnection("live"));
    source.addEventListener("error", () => setConnection("broken"));
    source.addEventListener("done", () => {
      source.close();
      flush();
      setConnection("ended");
      void refresh();
    });
    return () => {
      controller.abort();
      source.close();
      if (timer) clearTimeout(timer);
    };
  }, [runId]);

  const pollMs = needsPolling(live.view, connection) ? pollPace(live.view) : null;
  useEffect(() => {
    if (pollMs === null) return;
    const controller = new AbortController();
    const timer = setInterval(() => {
      // What this run's own stream does not tell can wait until somebody looks.
      if (document.hidden) return;
      fetchView(runId, controller.signal).then(
        (view) => dispatch({ type: "view", view }),
        // The next round asks again; a broken connection is told by the stream.
        () => undefined,
      );
    }, pollMs);
    return () => {
      controller.abort();
      clearInterval(timer);
    };
  }, [pollMs, runId]);

  return { ...live, connection };
}

/** While it waits, the stream tells its place. */
function needsPolling(view: RunView, connection: Connection): boolean {
  if (view.run.state === "queued" && connection === "live") return false;
  return !view.run.final || !machineGone(view) || view.standing.underWay !== null;
}

async function fetchView(runId: string, signal: AbortSignal): Promise<RunView> {
  const answer = await fetch(`/api/runs/${runId}`, { signal, headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`The run answered ${answer.status}.`);
  return (await answer.json()) as RunView;
}
