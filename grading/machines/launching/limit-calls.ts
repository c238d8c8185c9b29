import { withinTime } from "#course/within-time.ts";
import type { MachineProvider, Offering } from "../provider.ts";
import type { FleetTimings } from "../timings.ts";

/** The provider, or the engine, gave no answer in time. What was asked of it may still happen. */
export class ProviderSilent extends Error {
  override readonly name = "ProviderSilent";
  constructor(call: string, limitMs: number) {
    super(`The provider did not answer to ${call} within ${limitMs / 1000} s.`);
  }
}

/**
 * The same provider, whose every call ends within its time: it is told to stop, and is not waited for if it does not.
 * Whoever calls tries again, launches at once and loops at their next pass, since each call may be repeated.
 */
export function limitCalls(
  provider: MachineProvider,
  limits: FleetTimings["providerLimitMs"],
): MachineProvider {
  const { settledPriceOf } = provider;
  return {
    name: provider.name,
    ...(provider.bootTimeoutMs !== undefined && { bootTimeoutMs: provider.bootTimeoutMs }),
    ...(provider.besidesUsdPerHour !== undefined && { besidesUsdPerHour: provider.besidesUsdPerHour }),
    launch: (spec) => limited("launch", limits.launch, (signal) => provider.launch(spec, signal)),
    list: (installation) => limited("list", limits.list, (signal) => provider.list(installation, signal)),
    terminate: (instanceId) =>
      limited("terminate", limits.terminate, (signal) => provider.terminate(instanceId, signal)),
    priceOf: (shape, now) => limited("price", limits.price, (signal) => provider.priceOf(shape, now, signal)),
    ...(settledPriceOf && {
      settledPriceOf: (offering: Offering) =>
        limited("price", limits.price, (signal) => settledPriceOf.call(provider, offering, signal)),
    }),
  };
}

/** See withinTime; ProviderSilent says which call took too long. */
export const limited = <Result>(
  call: string,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
  stopping?: AbortSignal,
): Promise<Result> => withinTime(limitMs, () => new ProviderSilent(call, limitMs), work, stopping);
