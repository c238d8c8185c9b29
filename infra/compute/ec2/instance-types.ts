import type { MachineSize } from "#grading/machines/machine-kind.ts";

interface InstanceType extends MachineSize {
  name: string;
}

/** cpus and memory of the sizes of a family; memoryMiB: of its size large, each next has twice of both. */
function family(name: string, largeMiB: number): InstanceType[] {
  return ["large", "xlarge", "2xlarge"].map((size, step) => ({
    name: `${name}.${size}`,
    cpus: 2 * 2 ** step,
    memoryMiB: largeMiB * 2 ** step,
  }));
}

/** With x86-64 and an own disk by EBS; those that cost less stand first. */
const known: readonly InstanceType[] = [
  ...["c6a", "c7a", "c5a", "c6i", "c7i", "c5", "c5d"].flatMap((name) => family(name, 4096)),
  ...["m6a", "m7a", "m5a", "m6i", "m7i", "m5"].flatMap((name) => family(name, 8192)),
];

/**
 * Types that are large enough for the machine and at most twice as large as they must be: many, since each is one more
 * pool that may have an instance.
 */
export function typesFor({ cpus, memoryMiB }: MachineSize): string[] {
  const fits = known.filter((type) => type.cpus >= cpus && type.memoryMiB >= memoryMiB);
  const least = Math.min(...fits.map((type) => type.cpus));
  return fits.filter((type) => type.cpus <= least).map(({ name }) => name);
}
