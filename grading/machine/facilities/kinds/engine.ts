import { z } from "zod";
import { defineFacility } from "./define-facility.ts";

/** A Docker engine of the machine's own. Every machine has it. */
export const engine = defineFacility({
  name: "engine",
  title: "Docker",
  settings: z.strictObject({}),
  needs: [],
  startSeconds: 90,
  size: { cpus: 2, memoryMiB: 2048, processes: 4096 },
});
