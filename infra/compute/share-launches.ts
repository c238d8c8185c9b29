import type { Instance, LaunchSpec } from "#grading/machines/provider.ts";

type Launch = (spec: LaunchSpec, signal?: AbortSignal) => Promise<Instance>;

/** Two calls for one machine in this process share one launch; what settles it between processes is the provider's. */
export function shareLaunches(launch: Launch): Launch {
  const underWay = new Map<string, Promise<Instance>>();
  return (spec, signal) => {
    const key = `${spec.installation} ${spec.machineId}`;
    const running = underWay.get(key);
    if (running) return running;
    const mine = launch(spec, signal).finally(forget);
    underWay.set(key, mine);
    // One that was given up is not joined by the next try.
    signal?.addEventListener("abort", forget, { once: true });
    return mine;

    function forget() {
      if (underWay.get(key) === mine) underWay.delete(key);
    }
  };
}
