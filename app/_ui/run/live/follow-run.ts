import type { EventPage } from "#app/_server/events/event-page.ts";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import type { QueueView } from "#app/_server/queries/run/run-view.ts";

/** What is said while nobody is heard for this long: the server gives a sign every four seconds. */
export const silentMs = 9_000;
/** A stream that does not open, or a question that is not answered, is given up after this long. */
export const giveUpMs = 8_000;
/** Until the next try, the first time and at the most. */
const pauses = { first: 500, longest: 4_000 };
/** How often a page without a stream asks, in sight and not. */
const askMs = { shown: 2_000, hidden: 5_000 };
/** How often a page without a stream looks whether it can have one. */
const slotMs = 5_000;
/** How long a page asks whose stream was refused, such as of a person who has too many. */
const refusedMs = 30_000;
/** Tries that fail one after the other before the connection is called broken. */
export const failuresToBreak = 2;

/** A stream that is open or opening. */
export interface OpenStream {
  close(): void;
}

/** One sign of the server's: an event, the run's place, or that it lives and has nothing new. */
export type Sign = { event: StreamedEvent } | { place: QueueView } | null;

export interface StreamEars {
  heard(sign: Sign): void;
  /** All events of the run were told. */
  done(): void;
  /** refused: the server answered with something else than a stream. */
  broke(refused: boolean): void;
}

export interface FollowPorts {
  /** Opens the stream of events after this id. */
  open(after: number, ears: StreamEars): OpenStream;
  /** The events after this id, at once. Rejects when it is not answered within giveUpMs, or the signal ends it. */
  ask(after: number, signal: AbortSignal): Promise<EventPage>;
  /** See takeStreamSlot. */
  takeSlot(): Promise<(() => void) | null>;
  /** Whether a place that was taken may still be used. */
  mayKeepSlot(): boolean;
  hidden(): boolean;
  now(): number;
}

export interface FollowNews {
  events(events: readonly StreamedEvent[]): void;
  place(place: QueueView): void;
  /** The server was heard: at first, and again after each silence. */
  heard(): void;
  /** Nothing came from the server since this instant, milliseconds since 1970. */
  silent(since: number): void;
  /** All events of the run are told. */
  done(): void;
}

/**
 * Follows a run from the event `after` to its end: by a stream where the browser has a place for one, else by asking
 * every two seconds. Whatever hangs is given up and tried again from the last event on. Returns what ends it.
 */
export function followRun(after: number, ports: FollowPorts, news: FollowNews): () => void {
  let lastId = after;
  let heardAt = ports.now();
  let isSilent = false;
  let everHeard = false;
  let failures = 0;
  let over = false;
  let free: (() => void) | null = null;
  let stream: OpenStream | null = null;
  let streamSince = 0;
  let streamHeard = false;
  let asking: AbortController | null = null;
  let next: ReturnType<typeof setTimeout> | null = null;
  let slotAskedAt = Number.NEGATIVE_INFINITY;
  let refusedAt = Number.NEGATIVE_INFINITY;

  const heard = () => {
    heardAt = ports.now();
    failures = 0;
    if (everHeard && !isSilent) return;
    everHeard = true;
    isSilent = false;
    news.heard();
  };
  const fall = () => {
    if (isSilent) return;
    isSilent = true;
    news.silent(heardAt);
  };
  const failed = () => {
    failures += 1;
    if (failures >= failuresToBreak) fall();
    again(Math.min(pauses.longest, pauses.first * 2 ** (failures - 1)));
  };
  const again = (ms: number) => {
    if (next !== null) clearTimeout(next);
    next = over ? null : setTimeout(() => void step(), ms);
  };
  const closeStream = () => {
    stream?.close();
    stream = null;
  };
  const giveSlot = () => {
    free?.();
    free = null;
  };
  const leave = () => {
    over = true;
    closeStream();
    asking?.abort();
    if (next !== null) clearTimeout(next);
    clearInterval(watch);
    giveSlot();
  };
  const end = () => {
    if (over) return;
    leave();
    news.done();
  };

  const openStream = () => {
    streamSince = ports.now();
    streamHeard = false;
    const own = ports.open(lastId, {
      heard: (sign) => {
        if (stream !== own) return;
        streamHeard = true;
        heard();
        if (sign !== null && "place" in sign) news.place(sign.place);
        if (sign === null || !("event" in sign)) return;
        lastId = Math.max(lastId, sign.event.id);
        news.events([sign.event]);
      },
      done: () => {
        if (stream === own) end();
      },
      broke: (refused) => {
        if (stream !== own) return;
        closeStream();
        if (!refused) return failed();
        refusedAt = ports.now();
        giveSlot();
        again(0);
      },
    });
    stream = own;
  };
  const ask = async () => {
    const control = new AbortController();
    asking = control;
    try {
      const page = await ports.ask(lastId, control.signal);
      if (over) return;
      lastId = Math.max(lastId, page.lastId);
      heard();
      news.events(page.events);
      if (page.ended && !page.more) end();
      else again(page.more ? 0 : ports.hidden() ? askMs.hidden : askMs.shown);
    } catch {
      // Said by its consequence: two in a row are a broken connection.
      if (!over) failed();
    } finally {
      if (asking === control) asking = null;
    }
  };
  /** What is done now: open a stream where there is a place for one, else ask. */
  const step = async () => {
    const now = ports.now();
    if (free === null && now - slotAskedAt >= slotMs && now - refusedAt >= refusedMs) {
      slotAskedAt = now;
      const slot = await ports.takeSlot();
      if (over) slot?.();
      else free = slot;
    }
    if (over) return;
    if (free !== null) openStream();
    else await ask();
  };

  const watch = setInterval(() => {
    const now = ports.now();
    if (now - heardAt >= silentMs) fall();
    if (free !== null && !ports.mayKeepSlot()) {
      closeStream();
      giveSlot();
      again(0);
    }
    if (stream === null) return;
    const deaf = streamHeard ? now - heardAt >= silentMs : now - streamSince >= giveUpMs;
    if (!deaf) return;
    closeStream();
    failed();
  }, 1_000);

  void step();
  return leave;
}
