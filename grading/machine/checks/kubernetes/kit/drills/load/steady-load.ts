import { performance } from "node:perf_hooks";
import { type Answer, type LostReason, type RequestTarget, sendRequest } from "../../api/send-request.ts";

/** Failed requests whose time and reason are kept; all are counted. */
const keptFailures = 2000;
/** A process that was held up sends at most so much of what it owes at once. */
const mostOwedMs = 1000;

export interface FailedRequest {
  /** When it was sent. */
  atMs: number;
  /** How long it took to fail. */
  tookMs: number;
  /** Why: no answer, or an answer with another status than asked for. */
  reason: LostReason | "status";
  /** The system's own words, or the status. */
  detail: string;
}

export interface LoadTotals {
  sent: number;
  answered: number;
  failed: number;
  /** In the order in which they failed; the first 2000. */
  failures: FailedRequest[];
}

export interface LoadOptions {
  target: RequestTarget;
  perSecond: number;
  timeoutMs: number;
  /** The status of an answer that counts as one. */
  status: number;
  /** Milliseconds of the drill, the same clock as its timeline's. */
  atMs(): number;
  /** Called with every answer that counts, and when its request was sent. */
  onAnswer?(answer: Answer, sentAtMs: number): void;
}

export interface SteadyLoad {
  /** Up to now. */
  totals(): LoadTotals;
  /** Sends no more, and waits for what is under way. Safe to call again. Throws the signal's reason when it was aborted. */
  stop(): Promise<LoadTotals>;
}

/**
 * Sends so many requests a second, each on a connection of its own, whether or not the ones before were answered, as
 * many users would. None is ever repeated. Ends by itself when the signal is aborted.
 */
export function startLoad(options: LoadOptions, signal: AbortSignal): SteadyLoad {
  const totals: LoadTotals = { sent: 0, answered: 0, failed: 0, failures: [] };
  const underWay = new Set<Promise<void>>();
  const betweenMs = 1000 / options.perSecond;
  let due = performance.now();
  let timer: NodeJS.Timeout | null = null;
  let broken: { error: unknown } | null = null;

  const fail = (failure: FailedRequest) => {
    totals.failed += 1;
    if (totals.failures.length < keptFailures) totals.failures.push(failure);
  };

  const sendOne = async () => {
    const atMs = options.atMs();
    totals.sent += 1;
    const result = await sendRequest(options.target, options.timeoutMs, signal);
    const tookMs = options.atMs() - atMs;
    if (result.outcome === "lost") fail({ atMs, tookMs, reason: result.reason, detail: result.detail });
    else if (result.answer.status !== options.status)
      fail({ atMs, tookMs, reason: "status", detail: `status ${result.answer.status}` });
    else {
      totals.answered += 1;
      options.onAnswer?.(result.answer, atMs);
    }
  };

  const tick = () => {
    const now = performance.now();
    due = Math.max(due, now - mostOwedMs);
    for (; due <= now; due += betweenMs) {
      const sent = sendOne()
        .catch((error: unknown) => {
          broken ??= { error };
        })
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
    }
    timer = setTimeout(tick, Math.max(1, due - performance.now()));
  };
  const end = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  if (!signal.aborted) {
    signal.addEventListener("abort", end, { once: true });
    tick();
  }

  return {
    totals: () => ({ ...totals, failures: [...totals.failures] }),
    async stop() {
      end();
      signal.removeEventListener("abort", end);
      await Promise.all(underWay);
      if (broken) throw broken.error;
      return { ...totals, failures: [...totals.failures] };
    },
  };
}
