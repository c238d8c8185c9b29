import { AppError } from "#course/errors.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import { type MachineKind, plainKinds, titleOf } from "#grading/machines/machine-kind.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { readAgentProgram } from "#infra/agent-gateway/agent-program.ts";
import { readPublicGateway } from "#infra/agent-gateway/public-gateway.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { besidesUsdPerHour } from "#infra/compute/ec2/beside-prices.ts";
import { connectEc2 } from "#infra/compute/ec2/ec2-api.ts";
import { createEc2Provider } from "#infra/compute/ec2/ec2-provider.ts";
import { findMachineImage } from "#infra/compute/ec2/find-image.ts";
import type { Config } from "#infra/config/config.ts";
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
  const { listen, addressInMachine, ca } = await readPublicGateway(gateway);
  return {
    ...{ provider, images, addressInMachine, gatewayListen: listen },
    instances: { program: await readAgentProgram(agentBundle), gatewayCa: ca },
  };
}
