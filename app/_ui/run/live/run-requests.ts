import type { EventPage } from "#app/_server/events/event-page.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { type FollowPorts, giveUpMs, type OpenStream, type StreamEars } from "./follow-run.ts";
import { parseEventPage, parsePlace, parseStreamed } from "./parse-streamed.ts";

/** Nobody is signed in any more, which no waiting mends. */
export class SignedOut extends Error {}

/** The server's newest view of the run. Rejects when it is not answered within giveUpMs. */
export async function fetchView(runId: string, signal: AbortSignal): Promise<RunView> {
  return (await fetchJson(`/api/runs/${runId}`, signal)) as RunView;
}

/** Events after an id and before another one, as many as one answer holds. */
export async function fetchEvents(
  runId: string,
  range: { after: number; before?: number },
  signal: AbortSignal,
): Promise<EventPage> {
  const before = range.before === undefined ? "" : `&before=${range.before}`;
  return parseEventPage(
    await fetchJson(`/api/runs/${runId}/events/list?after=${range.after}${before}`, signal),
  );
}

async function fetchJson(path: string, signal: AbortSignal): Promise<unknown> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(giveUpMs)]);
  const answer = await fetch(path, { signal: either, headers: { accept: "application/json" } });
  if (answer.status === 401) throw new SignedOut(`${path} answered that nobody is signed in.`);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
  return answer.json();
}

/** The stream of a run's events after an id. It does not come back by itself: see followRun. */
export const openStream =
  (runId: string): FollowPorts["open"] =>
  (after: number, ears: StreamEars): OpenStream => {
    const source = new EventSource(`/api/runs/${runId}/events?after=${after}`);
    const take = (message: MessageEvent<string>) => {
      const event = parseStreamed(message.lastEventId, message.data);
      ears.heard(event && { event });
    };
    for (const type of ["state", "log", "check-started", "check-finished"]) {
      source.addEventListener(type, take);
    }
    source.addEventListener("place", (message: MessageEvent<string>) => {
      const place = parsePlace(message.data);
      ears.heard(place && { place });
    });
    source.addEventListener("beat", () => ears.heard(null));
    source.addEventListener("done", () => ears.done());
    source.addEventListener("error", () => {
      const refused = source.readyState === EventSource.CLOSED;
      source.close();
      ears.broke(refused);
    });
    return { close: () => source.close() };
  };
