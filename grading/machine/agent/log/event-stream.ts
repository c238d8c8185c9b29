import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { EventAck, RunEvent, SequencedEvent } from "../../../protocol/messages.ts";

const batchEvents = 500;
const batchChars = 512 * 1024;
/** Batches leave no more often than this, milliseconds. */
const pace = 80;
/** Held until acknowledged; log lines beyond it are left out, results of checks never. */
const maxHeldEvents = 20_000;
const maxHeldChars = 16 * 1024 * 1024;

export interface EventStream {
  emit(event: RunEvent): void;
  /** Resolves once every event so far is acknowledged; rejects when sending failed for good. */
  flush(): Promise<void>;
}

/**
 * Numbers events densely from 1, holds them until Drydock acknowledged them, sends them in order in batches and
 * again from wherever Drydock says it is. send is expected to repeat itself over passing trouble; when it throws,
 * the stream is over and onFailure is told.
 */
export function createEventStream(
  send: (events: SequencedEvent[]) => Promise<EventAck>,
  onFailure: (error: unknown) => void,
): EventStream {
  let held: SequencedEvent[] = [];
  let heldChars = 0;
  let lastSeq = 0;
  let leftOut = 0;
  let sending = false;
  let failure: { error: unknown } | null = null;
  let lastSent = -Infinity;
  const waiting: { resolve(): void; reject(error: unknown): void }[] = [];

  function push(event: RunEvent): void {
    lastSeq += 1;
    heldChars += weigh(event);
    held.push({ seq: lastSeq, at: new Date().toISOString(), event });
  }

  function emit(event: RunEvent): void {
    if (failure) return;
    if (event.type === "log" && (held.length >= maxHeldEvents || heldChars >= maxHeldChars)) {
      leftOut += 1;
      return;
    }
    if (leftOut > 0) {
      const line = `[${leftOut} lines left out of the live log: Drydock could not be reached]`;
      leftOut = 0;
      push({ type: "log", check: event.type === "log" ? event.check : null, line });
    }
    push(event);
    if (!sending) void pump();
  }

  async function pump(): Promise<void> {
    sending = true;
    try {
      while (held.length > 0) {
        const rest = lastSent + pace - performance.now();
        if (rest > 0) await wait(rest);
        lastSent = performance.now();
        forget((await send(nextBatch(held))).nextSeq);
      }
      for (const { resolve } of waiting.splice(0)) resolve();
    } catch (error) {
      failure = { error };
      held = [];
      for (const { reject } of waiting.splice(0)) reject(error);
      onFailure(error);
    } finally {
      sending = false;
    }
  }

  function forget(nextSeq: number): void {
    const first = held[0]?.seq ?? nextSeq;
    if (nextSeq < first)
      throw new Error(`Drydock asks for event ${nextSeq}, but it had acknowledged all before ${first}.`);
    const known = held.splice(0, nextSeq - first);
    for (const { event } of known) heldChars -= weigh(event);
  }

  return {
    emit,
    flush() {
      if (failure) return Promise.reject(failure.error);
      if (held.length === 0 && !sending) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
    },
  };
}

/** Characters that an event takes up, and at least what the number of its values is worth: both are bounded in a call. */
function weigh(event: RunEvent): number {
  if (event.type === "log") return 100 + event.line.length;
  if (event.type !== "check-finished" || !event.message) return 100;
  const { expected, happened, fix, shown = [] } = event.message;
  const lines = shown.flatMap(({ title, lines }) => [title, ...lines]);
  return [expected, happened, fix, ...lines].reduce((sum, text) => sum + 120 + text.length, 100);
}

function nextBatch(held: SequencedEvent[]): SequencedEvent[] {
  let chars = 0;
  let count = 0;
  for (const { event } of held.slice(0, batchEvents)) {
    chars += weigh(event);
    if (count > 0 && chars > batchChars) break;
    count += 1;
  }
  return held.slice(0, count);
}
