import type { QueuePlace } from "#infra/db/runs/queue-places.ts";
import type { QueueView } from "./run-view.ts";

/** A place in the queue as readers are told it. */
export function queueView(place: QueuePlace | null): QueueView | null {
  if (place === null) return null;
  const { position, superseded, waitsFor, estimate } = place;
  if (estimate.outcome === "no-estimate" || waitsFor !== null) {
    return {
      position,
      superseded,
      estimateSeconds: null,
      finishSeconds: null,
      slowFinishSeconds: null,
      basedOn: 0,
      overdue: null,
      why: estimate.outcome === "no-estimate" ? estimate.why : null,
      waitsFor,
    };
  }
  const { startSeconds, finishSeconds, slowFinishSeconds, basedOn, overdue } = estimate;
  return {
    position,
    superseded,
    estimateSeconds: startSeconds,
    finishSeconds,
    slowFinishSeconds,
    basedOn,
    overdue,
    why: null,
    waitsFor: null,
  };
}
