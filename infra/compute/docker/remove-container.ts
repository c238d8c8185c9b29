import type Docker from "dockerode";
import { isStatus } from "./launch-errors.ts";

/** Removes a container and its nameless volumes and waits until it is gone; one that is gone already is fine. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (isStatus(error, 404)) return;
    if (!isStatus(error, 409)) throw error;
    // The engine is removing it already, because it has ended by itself.
    await waitUntilRemoved(container);
  }
}

/** For containers that the engine removes when they end. */
export async function waitUntilRemoved(container: Docker.Container): Promise<void> {
  try {
    await container.wait({ condition: "removed" });
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
