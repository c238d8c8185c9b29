import { motoApi } from "./moto/moto-api.ts";
import { startMotoServer } from "./moto/moto-server.ts";
import {
  type LocalNetwork,
  type LocalTemplate,
  makeLaunchTemplate,
  makeNetwork,
  registerImage,
} from "./network.ts";
import { type FaultProxy, startFaultProxy } from "./proxy/fault-proxy.ts";

const region = "us-east-1";
const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

/** What a deployment on AWS has, in a region of one process on loopback. */
export interface LocalEc2World {
  network: LocalNetwork;
  launchTemplate: LocalTemplate;
  /** Of the machine images in the order of their tags; the template names the first. */
  imageIds: string[];
  imageId: string;
}

export interface LocalEc2 extends LocalEc2World {
  /** For every AWS client: EC2 with what the proxy adds, the other services as moto has them. */
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  proxy: FaultProxy;
  /** Everything is gone and made anew, under other ids; faults, limits and instances too. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface LocalEc2Options {
  /** Where the Python environment of moto is kept from one start to the next; or a moto that runs, which is emptied. */
  moto: { cacheDir: string } | { url: string };
  /** Of each machine image, such as the hash of its recipe; without them there is one image with no tags. */
  images?: [Record<string, string>, ...Record<string, string>[]];
  onProgress?: (line: string) => void;
}

/**
 * Starts moto and the proxy before it, and makes network, image and launch template. The first call of EC2 takes moto
 * seconds and is made here. Throws AppError `python-missing`, `moto-not-installed` or `moto-not-started`.
 */
export async function startLocalEc2(options: LocalEc2Options): Promise<LocalEc2> {
  const server =
    "url" in options.moto
      ? { url: options.moto.url, stop: async () => {} }
      : await startMotoServer({ ...options.moto, onProgress: options.onProgress });
  try {
    const moto = motoApi(server.url, region);
    if ("url" in options.moto) await moto.reset();
    const proxy = await startFaultProxy({ moto, zones: () => zones });
    const makeWorld = async (): Promise<LocalEc2World> => {
      const network = await makeNetwork(moto, zones);
      const [first = {}, ...others] = options.images ?? [];
      const imageId = await registerImage(moto, { name: "drydock-machine-local", tags: first });
      const imageIds = [imageId];
      for (const tags of others)
        imageIds.push(await registerImage(moto, { name: `drydock-machine-local-${imageIds.length}`, tags }));
      const launchTemplate = await makeLaunchTemplate(moto, {
        name: "drydock-machines",
        imageId,
        securityGroupId: network.securityGroupId,
      });
      return { network, imageId, imageIds, launchTemplate };
    };
    const started: LocalEc2 = {
      ...(await makeWorld()),
      endpoint: proxy.url,
      region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      proxy,
      async reset() {
        proxy.clear();
        await moto.reset();
        Object.assign(started, await makeWorld());
      },
      async close() {
        await proxy.close();
        await server.stop();
      },
    };
    return started;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
