import { AppError } from "#course/errors.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import { type MachineKind, plainKinds, titleOf } from "#grading/machines/machine-kind.ts";
import type { MachineProvider } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { readAgentProgram } from "#infra/agent-gateway/agent-program.ts";
import { readPublicGateway } from "#infra/agent-gateway/public-gateway.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { besidesUsdPerHour } from "#infra/compute/ec2/beside-prices.ts";
import { connectEc2 } from "#infra/compute/ec2/ec2-api.ts";
import { createEc2Provider } from "#infra/compute/ec2/ec2-provider.ts";
import { findMachineImage } from "#infra/compute/ec2/find-image.ts";
import { createInterruptionQueue } from "#infra/compute/ec2/interruption-queue.ts";
import { createLeaseSchedules } from "#infra/compute/ec2/lease-schedules.ts";
import { scheduleAtLaunch } from "#infra/compute/ec2/schedule-at-launch.ts";
import type { Config } from "#infra/config/config.ts";
import type { Ec2Config } from "#infra/config/ec2.ts";
import { recipeHash } from "#infra/machine/recipe.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { createImageMaker } from "../make-images.ts";
import { agentBundle, type PreparedFleet } from "../prepared-fleet.ts";

/**
 * Machines on EC2; the configuration says where. What they are made from is looked for in the account, among the images of
 * this installation.
 */
export async function prepareEc2(
  config: Config,
  log: Log,
  installation: () => Promise<string>,
): Promise<PreparedFleet> {
  const { ec2, gateway } = config;
  if (ec2 === null || gateway === null) throw new Error("The configuration names another provider.");
  const api = connectEc2({ region: ec2.region });
  const find = async (machineKind: MachineKind, signal?: AbortSignal) =>
    (
      await findMachineImage(
        api,
        { installation: await installation(), recipe: await recipeHash(machineKind) },
        signal,
      )
    )?.imageId ?? null;
  const { describe } = defaultTimings.imageLimitMs;
  const there = new Map<MachineKind, string>();
  for (const machineKind of plainKinds()) {
    const found = await limited(`finding the image for ${machineKind}`, describe, (signal) =>
      find(machineKind, signal),
    ).catch((err: unknown) => {
      // Told to staff by who asks for it next; a worker that ended would hear no machine.
      log.error({ err, machineKind }, "The machine image could not be looked for.");
      return null;
    });
    if (found !== null) there.set(machineKind, found);
  }
  const images = createImageMaker({
    there,
    make: async (machineKind, _onProgress, signal) => {
      const found = await find(machineKind, signal);
      if (found !== null) return found;
      throw new AppError({
        code: "machine-image-missing",
        userMessage: `${titleOf(machineKind)} has no image of this version of Drydock in ${ec2.region}. Make it: drydock machine-image build.`,
      });
    },
    timings: defaultTimings,
    clock: systemClock,
    log,
  });
  const provider = createEc2Provider({
    ...ec2,
    api,
    imageOf: images.imageOf,
    besidesUsdPerHour: besidesUsdPerHour(ec2.volumeGiB),
    clock: systemClock,
  });
  const { ends, ...others } = endsAndEvents(ec2, log);
  const { listen, addressInMachine, ca } = await readPublicGateway(gateway);
  return {
    ...{ provider: ends(provider), images, addressInMachine, gatewayListen: listen, ...others },
    instances: { program: await readAgentProgram(agentBundle), gatewayCa: ca },
  };
}

/** What ends machines, and tells of interruptions, besides the worker and the machines: as far as it is set up. */
function endsAndEvents({ region, schedules: named, interruptionQueue }: Ec2Config, log: Log) {
  if (named === null)
    log.warn("Machines get no schedule that ends them: DRYDOCK_EC2_SCHEDULE_GROUP is not set (docs/aws.md).");
  if (interruptionQueue === null)
    log.warn("Interruptions are heard from machines alone: DRYDOCK_EC2_INTERRUPTION_QUEUE is not set.");
  const schedules = named === null ? null : createLeaseSchedules({ region, ...named });
  const unscheduled = (err: unknown, machineId: string) =>
    log.warn({ err, machineId }, "The schedule of a machine was not made at its launch; it is tried again.");
  return {
    ends: (provider: MachineProvider) =>
      schedules === null ? provider : scheduleAtLaunch(provider, schedules, unscheduled),
    ...(schedules && { schedules }),
    ...(interruptionQueue !== null && {
      instanceEvents: createInterruptionQueue({ region, queueUrl: interruptionQueue }),
    }),
  };
}
