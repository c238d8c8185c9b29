import { describe, expect, test } from "vitest";
import { LaunchError, type MachineProvider, type MachineShape } from "../provider.ts";
import { defaultTimings } from "../timings.ts";
import { Launcher } from "./launcher.ts";

const now = new Date("2024-11-12T18:00:00Z");
const kinds = ["engine", "engine+kubernetes"] as const;

/** A provider that sells on spot, and whose prices on demand cannot be read. */
function launcherWith(failure: Error) {
  const provider: MachineProvider = {
    name: "ec2",
    launch: async () => {
      throw new LaunchError("insufficient-capacity", "There is none.");
    },
    list: async () => [],
    terminate: async () => "gone",
    priceOf: async ({ market }: MachineShape) => {
      if (market === "on-demand") throw failure;
      return 0.05;
    },
  };
  const told: string[] = [];
  const launcher = new Launcher(
    {
      provider,
      tokens: { make: () => ({ token: "token", hash: "hash" }) },
      recordLaunch: async () => "recorded",
      tellStaff: async ({ reason }) => void told.push(reason),
    },
    {
      ...{ installation: "i", deployment: "d", agentAddress: "http://localhost", timings: defaultTimings },
      sizes: Object.fromEntries(
        ["engine", "kubernetes"].map((facility) => [facility, { cpus: 2, memoryMiB: 4096 }]),
      ),
    },
    () => now,
  );
  return { launcher, told };
}

describe("a price on demand that cannot be read", () => {
  const failures = [
    new Error("The price list gave no answer in time."),
    new LaunchError("throttled", "Too many requests."),
    new LaunchError("unreachable", "The price list was not reached."),
    new LaunchError("misconfigured", "The permission pricing:GetProducts is missing."),
  ];
  test.each(failures)("keeps no kind from spot: %s", async (failure) => {
    const { launcher } = launcherWith(failure);
    expect(await launcher.askPriceOf("engine", "on-demand")).toMatchObject({ outcome: "failed" });
    expect(kinds.filter((kind) => launcher.isPaused(kind))).toEqual([]);
  });

  test("keeps its kind from being asked for on demand for a while", async () => {
    for (const failure of failures) {
      const { launcher } = launcherWith(failure);
      await launcher.launch("engine", now, async () => true);
      expect(launcher.canGoOnDemand("engine")).toBe(true);
      await launcher.askPriceOf("engine", "on-demand");
      expect([launcher.isPaused("engine"), launcher.canGoOnDemand("engine")]).toEqual([true, false]);
    }
  });

  test("that nobody has the right to read is told to staff", async () => {
    const { launcher, told } = launcherWith(new LaunchError("misconfigured", "The permission is missing."));
    await launcher.askPriceOf("engine", "on-demand");
    expect(told).toEqual([expect.stringContaining("The permission is missing.")]);
  });
});

test("a machine on demand is asked for no more than one on spot while its files could not be fetched", async () => {
  const { launcher } = launcherWith(new Error("Not asked here."));
  await launcher.launch("engine", now, async () => true);
  expect(launcher.canGoOnDemand("engine")).toBe(true);
  launcher.filesReadable(false);
  expect([launcher.isPaused("engine"), launcher.canGoOnDemand("engine")]).toEqual([true, false]);
  launcher.filesReadable(true);
  expect(launcher.canGoOnDemand("engine")).toBe(true);
});
