import type { Clock } from "#course/clock.ts";
import type { MachineProvider } from "#grading/machines/provider.ts";
import type { FleetTimings } from "#grading/machines/timings.ts";
import type { FleetStore } from "#infra/db/machines/fleet-store.ts";
import type { FleetSweeps } from "#infra/db/machines/fleet-sweeps.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import type { Watch } from "./watch.ts";

/** What the fleet's reconcilers work with. */
export interface FleetParts {
  sweeps: FleetSweeps;
  store: FleetStore;
  provider: MachineProvider;
  installation: string;
  timings: FleetTimings;
  clock: Clock;
  watch: Watch;
  log: Log;
}
