import type { Clock } from "#course/clock.ts";
import {
  LaunchError,
  type MachineProvider,
  type MachineShape,
  type Market,
} from "#grading/machines/provider.ts";
import { shareLaunches } from "../share-launches.ts";
import type { Ec2Api } from "./ec2-api.ts";
import { typesFor } from "./instance-types.ts";
import { launchInstance, type Requests } from "./launch-instance.ts";
import { listInstances } from "./list-instances.ts";
import { Offerings } from "./offerings.ts";
import { OnDemandPrices } from "./on-demand-prices.ts";
import { SpotPrices } from "./prices.ts";
import { Terminations } from "./terminations.ts";

export interface Ec2ProviderOptions {
  api: Ec2Api;
  region: string;
  /** Id or name. */
  launchTemplate: string;
  /** One of each zone that machines may be in. */
  subnets: readonly string[];
  /** Empty: those that are large enough for the machine. */
  instanceTypes: readonly string[];
  /** The image's id. Throws LaunchError where there is none. */
  imageOf(kind: string): string;
  /** Told when a launch failed because the account does not have that image any more. */
  onImageGone?(kind: string, image: string): void;
  /** What exists beside the instance itself, USD an hour: its public address and its volume. */
  besidesUsdPerHour: number;
  clock: Clock;
}

/** From the request to the agent's first call, for an instance that EC2 has to find, start and read from a snapshot. */
const bootTimeoutMs = 240_000;
/** Requests are kept for as long as somebody may still ask for their reply. */
const keptRequests = 1000;

/** Makes machines of EC2 instances: docs/aws.md says what it needs of an account. */
export function createEc2Provider(options: Ec2ProviderOptions): MachineProvider {
  const { api, clock, besidesUsdPerHour } = options;
  const offerings = new Offerings(api, options, clock);
  const prices = new SpotPrices(api, clock);
  const onDemandPrices = new OnDemandPrices(api, options.region, clock);
  const priceReaders: Record<Market, PriceReader> = {
    spot: (types, signal) => prices.read(types, signal),
    "on-demand": (types, signal) => onDemandPrices.read(types, signal),
  };
  const terminations = new Terminations(api);
  const requests = newestOf<Parameters<Requests["set"]>[1]>(keptRequests);
  const typesOf = (shape: MachineShape): readonly string[] => {
    const types = options.instanceTypes.length > 0 ? options.instanceTypes : typesFor(shape);
    if (types.length > 0) return types;
    throw new LaunchError(
      "misconfigured",
      `Drydock knows no instance type with ${shape.cpus} processors and ${shape.memoryMiB} MiB. Lower what a machine has, or name types in DRYDOCK_EC2_TYPES.`,
      { trouble: "instance-type" },
    );
  };
  const settings = { ...options, offerings, typesFor: typesOf };
  return {
    name: "ec2",
    bootTimeoutMs,
    besidesUsdPerHour,
    // Between processes the token and the tags settle it.
    launch: shareLaunches(async (spec, signal) => {
      let image: string | undefined;
      const imageOf = (kind: string) => {
        image = options.imageOf(kind);
        return image;
      };
      try {
        return await launchInstance({ ...settings, imageOf }, requests, spec, signal);
      } catch (error) {
        if (image !== undefined && error instanceof LaunchError && error.trouble === "image")
          options.onImageGone?.(spec.shape.kind, image);
        throw error;
      }
    }),
    list: (installation, signal) => listInstances(api, installation, signal),
    terminate: (instanceId, signal) => terminations.terminate(instanceId, signal),
    async priceOf(shape, _now, signal) {
      const types = typesOf(shape);
      const { market = "spot" } = shape;
      const priceAt = await priceReaders[market](types, signal);
      const places = await offerings.places(types, market, signal);
      const known = places.flatMap(({ type, zone }) => priceAt(type, zone) ?? []);
      if (known.length > 0) return Math.max(...known) + besidesUsdPerHour;
      throw new LaunchError("insufficient-capacity", `There is no ${market} price of ${types.join(", ")}.`, {
        trouble: "capacity",
      });
    },
    async settledPriceOf({ type, zone, market }, signal) {
      const price = (await priceReaders[market]([type], signal))(type, zone);
      return price === null ? null : price + besidesUsdPerHour;
    },
  };
}

/** USD an hour by type and zone, of those that have a price. Throws LaunchError. */
type PriceReader = (
  types: readonly string[],
  signal?: AbortSignal,
) => Promise<(type: string, zone: string) => number | null>;

/** A map that forgets its oldest. */
function newestOf<Value>(most: number): Map<string, Value> {
  return new (class extends Map<string, Value> {
    override set(key: string, value: Value): this {
      super.delete(key);
      super.set(key, value);
      if (this.size > most) super.delete(this.keys().next().value ?? key);
      return this;
    }
  })();
}
