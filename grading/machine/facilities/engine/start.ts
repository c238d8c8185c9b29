import type Docker from "dockerode";
import { engine } from "../kinds/engine.ts";
import type { FacilityStart } from "../kit/start-facility.ts";
import { waitForEngine } from "./wait-for-engine.ts";

/** The boot script starts it beside the agent. */
export const startEngine: FacilityStart<typeof engine.settings, Docker> = {
  kind: engine,
  start: async ({ docker, signal }) => {
    await waitForEngine(docker, engine.startSeconds, signal);
    return { handle: docker, ask: () => docker.ping(), close: async () => {} };
  },
};
