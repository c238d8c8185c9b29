import path from "node:path";
import type Docker from "dockerode";
import { type MachineKind, sizeOf } from "#grading/machines/machine-kind.ts";
import { keptPort } from "#infra/agent-gateway/kept-port.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { addressInMachine } from "#infra/compute/docker/uplink/uplink.ts";
import { writeTags } from "#infra/compute/ec2/tags.ts";
import { bootInstances } from "#infra/compute/ec2-local/boot-instances.ts";
import { type LocalEc2, startLocalEc2 } from "#infra/compute/ec2-local/local-ec2.ts";
import { createMachineRunner } from "#infra/compute/ec2-local/machine-runner.ts";
import type { Config } from "#infra/config/config.ts";
import { recipeHash } from "#infra/machine/recipe.ts";

export interface LocalCloud {
  /** What web and worker must be told, so that their machines are instances of this cloud. */
  env: Partial<NodeJS.ProcessEnv>;
  /** Ends every instance and the cloud. */
  close(): Promise<void>;
}

/**
 * A local EC2 whose instances boot as machines of this computer's engine. images: of the engine, for each kind of machine
 * that shall be there. What a cloud of the same installation left when it was killed is removed first. Throws what
 * startLocalEc2 throws, and AppError no-uplink.
 */
export async function startLocalCloud(options: {
  docker: Docker;
  config: Config;
  installation: string;
  images: ReadonlyMap<MachineKind, string>;
  onProgress(line: string): void;
  /** Told of machines that did not boot or end as their instance should have. */
  onError(error: unknown): void;
}): Promise<LocalCloud> {
  const { docker, config, installation, images, onError } = options;
  const kinds = [...images.keys()];
  const [first, ...others] = await Promise.all(
    kinds.map(async (kind) => {
      const own = { installation, machineKind: kind, recipe: await recipeHash(kind) };
      return Object.fromEntries(writeTags(own).map(({ Key = "", Value = "" }) => [Key, Value]));
    }),
  );
  if (first === undefined) throw new Error("A cloud without a machine image starts no machine.");
  const { cacheDir } = config;
  const local = await startLocalEc2({
    ...{ moto: { cacheDir }, images: [first, ...others], onProgress: options.onProgress },
  });
  const runner = createMachineRunner({
    ...{ docker, owner: installation, onError },
    onPoweredOff: (instanceId) => void local.proxy.poweredOff(instanceId).catch(onError),
  });
  const close = async () => {
    await runner.close();
    await local.close();
  };
  try {
    await runner.close();
    bootInstances(local, runner, {
      onError,
      bootOf: (imageId) => {
        const kind = kinds[local.imageIds.indexOf(imageId)] ?? "";
        const image = images.get(kind);
        if (image === undefined) throw new Error(`No machine stands for the image ${imageId}.`);
        return { image, shape: { kind, ...sizeOf(kind, config.machineSizes) } };
      },
    });
    const gateway = await gatewayAddress(docker, config, [...images.values()][0] ?? "");
    return { env: settingsOf(local, gateway), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where the gateway listens for the machines of this engine, which reach this computer by TCP alone. */
async function gatewayAddress(docker: Docker, config: Config, image: string) {
  const uplink = await chooseUplink({ docker, image, setting: "tcp", folder: config.dataDir });
  if (uplink.kind !== "tcp") throw new Error("Machines of a local cloud mount no folder of this computer.");
  const port = await keptPort(path.join(config.dataDir, "gateway-port"), uplink.host);
  return { listen: `${uplink.host}:${port}`, url: addressInMachine(`http://${uplink.host}:${port}`) };
}

function settingsOf(local: LocalEc2, gateway: { listen: string; url: string }): Partial<NodeJS.ProcessEnv> {
  const { endpoint, region, credentials, launchTemplate, network } = local;
  const unset = [
    ...["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"],
    ...["DRYDOCK_EC2_TYPES", "DRYDOCK_GATEWAY_CERT", "DRYDOCK_GATEWAY_KEY", "DRYDOCK_GATEWAY_CA"],
  ];
  return {
    // An account that this computer's user has elsewhere is never asked.
    ...Object.fromEntries(unset.map((name) => [name, undefined])),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_EC2: endpoint,
    DRYDOCK_PROVIDER: "ec2",
    DRYDOCK_EC2_LAUNCH_TEMPLATE: launchTemplate.id,
    DRYDOCK_EC2_SUBNETS: network.subnets.map(({ id }) => id).join(","),
    DRYDOCK_GATEWAY_LISTEN: gateway.listen,
    DRYDOCK_GATEWAY_URL: gateway.url,
  };
}
