import { AppError } from "#course/errors.ts";
import { reapContainers } from "#infra/compute/docker/reap-containers.ts";
import { findEngine } from "#infra/machine/engine/find-engine.ts";
import type { Reaper } from "./reaper.ts";

/** The reaper of containers on the engine that runs here; none is started, since one that is off holds no machine. */
export function openDockerReaper(): Reaper {
  const open = async () => {
    const found = await findEngine();
    if (found.outcome === "found") return found.docker;
    throw new AppError({
      code: "no-engine",
      userMessage:
        found.outcome === "forbidden"
          ? found.message
          : "No Docker engine runs here, so no machine could be looked at: start it, or name it by DOCKER_HOST.",
    });
  };
  return {
    // Looked for each time: an engine may come and go while it is watched.
    reap: async (installation, now, options) => reapContainers(await open(), installation, now, options),
    close: () => {},
  };
}
