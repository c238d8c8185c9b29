import type { LocalEc2 } from "./local-ec2.ts";
import type { Boot, MachineRunner } from "./machine-runner.ts";

/**
 * Gives each instance of a local EC2 a machine that boots: it ends when its instance is terminated, is told what EC2
 * tells it, and an instance whose machine powered itself off is one that shut itself down. runner: whose onPoweredOff is
 * the local EC2's poweredOff. bootOf: what stands for an image of the local EC2. Returns what ends the joining.
 */
export function bootInstances(
  { proxy }: Pick<LocalEc2, "proxy">,
  runner: MachineRunner,
  {
    bootOf,
    onError,
  }: { bootOf(imageId: string): Pick<Boot, "image" | "shape">; onError(error: unknown): void },
): () => void {
  const orError = (work: Promise<unknown>) => void work.catch(onError);
  return proxy.subscribe({
    onLaunch: ({ instanceId, imageId, userData }) =>
      orError(
        runner.boot({
          ...bootOf(imageId),
          ...{ instanceId, userData: userData.length === 0 ? null : userData.toString() },
        }),
      ),
    onTerminate: (instanceId) => orError(runner.kill(instanceId)),
    onNotice: (instanceId, notice) => orError(runner.notice(instanceId, notice)),
    onRebalance: (instanceId, noticeTime) => orError(runner.notice(instanceId, { noticeTime })),
  });
}
