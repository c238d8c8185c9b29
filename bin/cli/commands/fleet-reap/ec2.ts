import { rethrow } from "#infra/compute/ec2/api-errors.ts";
import { connectEc2 } from "#infra/compute/ec2/ec2-api.ts";
import { reapInstances } from "#infra/compute/ec2/reap-instances.ts";
import type { Reaper } from "./reaper.ts";

/** The reaper of instances, by the same code as the stack's function. */
export function openEc2Reaper(region: string): Reaper {
  const api = connectEc2({ region });
  return {
    reap: (installation, now, options) =>
      reapInstances(api.reading, installation, now, options).catch((error: unknown) =>
        rethrow(error, "Not every machine was looked at"),
      ),
    close: () => api.close(),
  };
}
