import type { Hearing } from "#grading/machines/hearing.ts";
import type { FleetTimings } from "#grading/machines/timings.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import type { Reconciler } from "./loop.ts";

/**
 * Calls this worker the way machines do, all the way to the database, so that it is known when machines cannot be
 * heard and that nobody's silence counts meanwhile.
 */
export function listening(
  parts: { hearing: Hearing; timings: Pick<FleetTimings, "every">; log: Log },
  callSelf: () => Promise<void>,
): Reconciler {
  const { hearing, log } = parts;
  let deaf = false;
  return {
    name: "listening",
    everyMs: parts.timings.every.listening,
    pass: async () => {
      try {
        await callSelf();
      } catch (err) {
        if (!deaf) log.error({ err }, "Machines cannot be heard; nobody's silence counts until they can.");
        deaf = true;
        return;
      }
      hearing.heard();
      if (deaf) log.info("Machines are heard again.");
      deaf = false;
    },
  };
}
