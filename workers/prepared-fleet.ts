import path from "node:path";
import type { ImageMaker } from "./make-images.ts";
import type { WorkerParts } from "./start-worker.ts";

/** What a provider needs of a worker. */
export interface PreparedFleet
  extends Pick<
    WorkerParts,
    "provider" | "gatewayListen" | "addressInMachine" | "instances" | "schedules" | "instanceEvents"
  > {
  images: ImageMaker;
  /** Where the worker keeps what machines are made from young. */
  agedImages?: NonNullable<WorkerParts["agedImages"]> & { stop(): void };
}

/** The agent as one file: the same folder seen from the source (workers/) and from the bundle (dist/). */
export const agentBundle = path.resolve(import.meta.dirname, "../dist/agent.mjs");
