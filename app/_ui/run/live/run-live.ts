import type { CheckView, QueueView, RunView } from "#app/_server/queries/run/run-view.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import { isFinal, type RunState } from "#grading/runs/run-state.ts";
import { appendLines, type Log } from "../log/log-store.ts";

/** One event of the stream as the browser got it. */
export interface StreamedEvent {
  /** run_event.id; grows along the stream. */
  id: number;
  attempt: number;
  /** ISO 8601 */
  at: string;
  event: RunEvent;
}

/** What the run page shows: the server's view, moved on by events, and the log. */
export interface RunLive {
  view: RunView;
  log: Log;
  /** Id of the last event seen; an event that comes again after a reconnect is skipped. */
  lastId: number;
  /** Attempt that the last log line belongs to. */
  logAttempt: number;
  /** Checks whose end the stream has told: all lines of theirs are here. */
  heard: readonly string[];
}

export const startLive = (view: RunView): RunLive => ({ view, log: [], lastId: 0, logAttempt: 1, heard: [] });

const road: RunState[] = ["queued", "claimed", "provisioning", "running", "scoring", "graded"];
/** How far along its attempt a run is; every final state is at the end. */
const distance = (state: RunState) => (road.includes(state) ? road.indexOf(state) : road.length - 1);
const progressOrder = { waiting: 0, running: 1, finished: 2 } as const;

/**
 * The page moved on by events. The stream starts with the run's first event, while the server's view may be ahead
 * of it: within an attempt nothing ever moves back, and what belongs to an earlier attempt only adds to the log.
 */
export function applyEvents(live: RunLive, events: readonly StreamedEvent[]): RunLive {
  const fresh = events.filter((event) => event.id > live.lastId);
  if (fresh.length === 0) return live;
  const lines: { check: string | null; line: string }[] = [];
  let { view, logAttempt } = live;
  const ended: string[] = [];
  for (const event of fresh) {
    if (event.event.type === "log") {
      if (event.attempt > logAttempt) {
        logAttempt = event.attempt;
        lines.push({ check: null, line: "──── a new machine ────" });
      }
      lines.push({ check: event.event.check, line: event.event.line });
    } else {
      if (event.event.type === "check-finished") ended.push(event.event.check);
      view = moveOn(view, event);
    }
  }
  return {
    view,
    log: appendLines(live.log, lines),
    lastId: fresh.at(-1)?.id ?? live.lastId,
    logAttempt,
    heard: ended.length === 0 ? live.heard : [...live.heard, ...ended],
  };
}

/** The server's newer view, keeping what events told that it does not know yet. */
export function applyView(live: RunLive, view: RunView): RunLive {
  const known = live.view;
  if (view.run.attempt < known.run.attempt) return live;
  if (view.run.attempt > known.run.attempt || view.run.final) return { ...live, view };
  if (distance(view.run.state) < distance(known.run.state)) return live;
  const checks = view.checks.map((check) => {
    const before = known.checks.find((one) => one.id === check.id);
    return before && progressOrder[before.progress] > progressOrder[check.progress] ? before : check;
  });
  const kubernetesReadyAt = view.road.kubernetesReadyAt ?? known.road.kubernetesReadyAt;
  return { ...live, view: { ...view, checks, road: { ...view.road, kubernetesReadyAt } } };
}

/** The place of a run that waits; of one that waits no more it comes too late. */
export function applyPlace(live: RunLive, queue: QueueView): RunLive {
  if (live.view.run.state !== "queued") return live;
  return { ...live, view: { ...live.view, queue } };
}

function moveOn(view: RunView, { attempt, at, event }: StreamedEvent): RunView {
  if (attempt < view.run.attempt || view.run.final) return view;
  const current = attempt > view.run.attempt ? beginAttempt(view, attempt, at) : view;
  switch (event.type) {
    case "state":
      return moveState(current, event.state as RunState, event.detail, at);
    case "check-started":
      return changeCheck(beginChecks(current, at), event.check, (check) =>
        check.progress === "waiting" ? { ...check, progress: "running" } : check,
      );
    case "check-finished":
      return changeCheck(current, event.check, (check) =>
        check.progress === "finished"
          ? check
          : {
              ...check,
              progress: "finished",
              verdict: event.verdict,
              fault: event.fault ?? null,
              message: event.message ?? null,
              points: event.points,
              maxPoints: event.maxPoints,
              durationMs: event.durationMs,
            },
      );
    default:
      return current;
  }
}

function beginAttempt(view: RunView, attempt: number, at: string): RunView {
  return {
    ...view,
    run: { ...view.run, attempt, state: "queued" },
    road: {
      queuedAt: at,
      claimedAt: null,
      bootingAt: null,
      runningAt: null,
      kubernetesReadyAt: null,
      finishedAt: null,
    },
    checks: view.checks.map((check) => ({
      ...check,
      progress: "waiting",
      verdict: null,
      fault: null,
      points: 0,
      message: null,
      durationMs: null,
      timeline: null,
    })),
  };
}

function moveState(view: RunView, state: RunState, detail: string | null, at: string): RunView {
  if (distance(state) <= distance(view.run.state)) return view;
  const final = isFinal(state);
  const reached = distance(state);
  const { road: times } = view;
  return {
    ...view,
    // Points and messages come with the server's final view, which the page asks for at once.
    run: { ...view.run, state, final: final ? view.run.final : false, reason: detail ?? view.run.reason },
    queue: null,
    road: {
      ...times,
      claimedAt: times.claimedAt ?? (reached >= 1 && !final ? at : null),
      bootingAt: times.bootingAt ?? (reached >= 2 && !final ? at : null),
      runningAt: times.runningAt ?? (reached >= 3 && !final ? at : null),
      finishedAt: times.finishedAt ?? (final ? at : null),
    },
  };
}

/** The first check begins when the machine's Kubernetes is ready. */
function beginChecks(view: RunView, at: string): RunView {
  if (view.kubernetes === null || view.road.kubernetesReadyAt !== null) return view;
  return { ...view, road: { ...view.road, kubernetesReadyAt: at } };
}

function changeCheck(view: RunView, id: string, change: (check: CheckView) => CheckView): RunView {
  return { ...view, checks: view.checks.map((check) => (check.id === id ? change(check) : check)) };
}
