import type { Clock } from "#course/clock.ts";
import type { KeepDays } from "#grading/retention/keep-days.ts";
import type { RemovalStep } from "#infra/db/submissions/retention-store.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { Reconciler } from "./kit/loop.ts";

interface RetentionParts {
  steps: Record<string, RemovalStep>;
  keepDays: KeepDays;
  everyMs: number;
  clock: Clock;
  log: Log;
}

/** Of each kind in one pass, so that what has piled up takes its time and nobody else's. */
const stepsAPass = 50;

/** Removes what is older than it is kept, in small steps; each kind by itself. */
export function retention({ steps, keepDays, everyMs, clock, log }: RetentionParts): Reconciler {
  return {
    name: "retention",
    everyMs,
    pass: () =>
      actOnEach(log, "retention", kinds(steps), async ({ id: what, step }) => {
        let removed = 0;
        for (let done = 0; done < stepsAPass; done++) {
          const rows = await step(keepDays, clock());
          if (rows === 0) break;
          removed += rows;
        }
        if (removed > 0) log.info({ what, removed }, "Removed what is not kept any longer.");
      }),
  };
}

const kinds = (steps: Record<string, RemovalStep>) =>
  Object.entries(steps).map(([id, step]) => ({ id, step }));
