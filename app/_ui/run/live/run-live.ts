import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import type { LogTail } from "#app/_server/queries/run/log-tail.ts";
import type { CheckView, QueueView, RunView } from "#app/_server/queries/run/run-view.ts";
import { isFinal, type RunState } from "#grading/runs/run-state.ts";
import { appendEvents, emptyLog, type Log, logAfter } from "../log/log-store.ts";

/** What the run page shows: the server's view, moved on by events, and the log. */
export interface RunLive {
  view: RunView;
  /** From the page's own tail on until what lies before it has been fetched. */
  log: Log;
  /** Id of the last event seen; an event that comes again after a reconnect is skipped. */
  lastId: number;
  /** null: nothing is missing before the log's first line. */
  gap: Gap | null;
}

/** What lies before the events that the page came with, while it is being fetched. */
interface Gap {
  /** Events before this id are missing; those after are in `since`. */
  beforeId: number;
  earlier: Log;
  /** Id of the last event in `earlier`. */
  earlierId: number;
  /** All events from beforeId on, for the whole log once the gap is closed. */
  since: readonly StreamedEvent[];
}

/** tail: what the page came with. */
export function startLive(view: RunView, tail: LogTail = { events: [], before: 0 }): RunLive {
  const beforeId = tail.events[0]?.id ?? 0;
  const gap = tail.before === 0 ? null : { beforeId, earlier: emptyLog, earlierId: 0, since: [] };
  return applyEvents({ view, log: logAfter(tail.before), lastId: 0, gap }, tail.events);
}

/** How many lines the page has of how many there are, as far as it knows. */
export function linesOf({ log, gap, view }: Pick<RunLive, "log" | "gap" | "view">): {
  here: number;
  all: number;
} {
  const here = log.lines - log.missing + (gap?.earlier.lines ?? 0);
  return { here, all: Math.max(log.lines, view.logKept.lines ?? 0) };
}

const road: RunState[] = ["queued", "claimed", "provisioning", "running", "scoring", "graded"];
/** How far along its attempt a run is; every final state is at the end. */
const distance = (state: RunState) => (road.includes(state) ? road.indexOf(state) : road.length - 1);
const progressOrder = { waiting: 0, running: 1, finished: 2 } as const;

/**
 * The page moved on by events. The server's view may be ahead of them: within an attempt nothing ever moves back, and
 * what belongs to an earlier attempt only adds to the log.
 */
export function applyEvents(live: RunLive, events: readonly StreamedEvent[]): RunLive {
  const fresh = events.filter((event) => event.id > live.lastId);
  if (fresh.length === 0) return live;
  return {
    view: fresh.reduce(moveOn, live.view),
    log: appendEvents(live.log, fresh),
    lastId: fresh.at(-1)?.id ?? live.lastId,
    gap: live.gap && { ...live.gap, since: [...live.gap.since, ...fresh] },
  };
}

/** Some of the events that lie before the page's own, from the first on. last: with them nothing is missing. */
export function applyEarlier(live: RunLive, events: readonly StreamedEvent[], last: boolean): RunLive {
  if (live.gap === null) return live;
  const { gap } = live;
  const fresh = events.filter((event) => event.id > gap.earlierId && event.id < gap.beforeId);
  const earlier = appendEvents(gap.earlier, fresh);
  if (last) return { ...live, gap: null, log: appendEvents(earlier, gap.since) };
  return { ...live, gap: { ...gap, earlier, earlierId: fresh.at(-1)?.id ?? gap.earlierId } };
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
  if (event.type === "log" || attempt < view.run.attempt || view.run.final) return view;
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
