import type Docker from "dockerode";
import { abortable } from "../abortable.ts";
import { isStatus } from "./launch-errors.ts";

/** A container that the engine says it is removing is waited for this long: it may never be gone. */
const removingMs = 60_000;

/**
 * Removes a container and its nameless volumes and waits until it is gone; one that is gone already is fine. Rejects
 * when the signal is aborted, or when an engine that was at it already does not end it in time.
 */
export async function removeContainer(container: Docker.Container, signal?: AbortSignal): Promise<void> {
  try {
    await container.remove({ force: true, v: true, ...abortable(signal) });
  } catch (error) {
    if (isStatus(error, 404)) return;
    if (!isStatus(error, 409)) throw error;
    // The engine is removing it already, because it has ended by itself.
    const limit = AbortSignal.timeout(removingMs);
    await waitUntilRemoved(container, signal === undefined ? limit : AbortSignal.any([signal, limit]));
  }
}

/** For containers that the engine removes when they end. */
export async function waitUntilRemoved(container: Docker.Container, signal?: AbortSignal): Promise<void> {
  try {
    await container.wait({ condition: "removed", ...abortable(signal) });
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
