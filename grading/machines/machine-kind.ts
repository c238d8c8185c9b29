import { type FacilityKind, facilityCatalogue } from "../machine/facilities/catalogue.ts";

/**
 * Which machine an exercise wants: the names of its facilities with all that they are built on, in the catalogue's
 * order and joined by +, such as engine+kubernetes. What one machine may do for another exercise follows from it, and
 * so do its image, its size, its lease and the reason why one waits for it.
 */
export type MachineKind = string;

export interface MachineSize {
  cpus: number;
  memoryMiB: number;
}

/** Every machine has the catalogue's first facility; one that has no other is of this kind. */
export const engineKind: MachineKind = "engine";

/** Those that it is made of, as they are named. */
export const facilityNames = (kind: MachineKind): string[] => kind.split("+");

/** Whether this version of Drydock knows all that it is made of: rows may be of another one's. */
export const isKnownKind = (kind: MachineKind, catalogue = facilityCatalogue): boolean =>
  facilityNames(kind).every((name) => catalogue.some((facility) => facility.name === name));

/** names: the facilities that an exercise asks for. Every machine has the catalogue's first one. */
export function kindOf(names: Iterable<string>, catalogue = facilityCatalogue): MachineKind {
  const wanted = new Set(names);
  const [first] = catalogue;
  if (first !== undefined) wanted.add(first.name);
  // What is built on others stands after them.
  for (const { name, needs } of catalogue.toReversed())
    if (wanted.has(name)) for (const need of needs) wanted.add(need);
  const known = catalogue.filter(({ name }) => wanted.delete(name));
  if (wanted.size > 0) throw new Error(`There is no facility ${[...wanted].join(" or ")}.`);
  return known.map(({ name }) => name).join("+");
}

/** The machine of an exercise, by what its spec says under facilities. */
export const kindFor = (spec: { facilities: object }, catalogue = facilityCatalogue): MachineKind =>
  kindOf(
    Object.entries(spec.facilities)
      .filter(([, settings]) => settings !== undefined)
      .map(([name]) => name),
    catalogue,
  );

/** In the order in which they start; what this version does not know is left out. */
export function facilitiesOf(kind: MachineKind, catalogue = facilityCatalogue): FacilityKind[] {
  const names = facilityNames(kind);
  return catalogue.filter(({ name }) => names.includes(name));
}

/** One for each facility: the machine that has it and no more. */
export const plainKinds = (catalogue = facilityCatalogue): MachineKind[] =>
  catalogue.map(({ name }) => kindOf([name], catalogue));

/** Such as "The machine for Kubernetes exercises": names the facilities that no other one of it needs. */
export function titleOf(kind: MachineKind, catalogue = facilityCatalogue): string {
  const titles = outermost(kind, catalogue).map(({ title }) => title);
  const [end, ...before] = titles.toReversed();
  if (end === undefined) return `The machine ${kind}`;
  const words = before.length === 0 ? end : `${before.toReversed().join(", ")} and ${end}`;
  return `The machine for ${words} exercises`;
}

/** Those that no other one of it needs. */
function outermost(kind: MachineKind, catalogue: readonly FacilityKind[]): FacilityKind[] {
  const all = facilitiesOf(kind, catalogue);
  return all.filter(({ name }) => !all.some(({ needs }) => needs.includes(name)));
}

/** The longest from the agent's first call to the first check, seconds: what starts is no time of the exercise's own. */
export const startSeconds = (kind: MachineKind, catalogue = facilityCatalogue): number =>
  facilitiesOf(kind, catalogue).reduce((sum, facility) => sum + facility.startSeconds, 0);

/**
 * As much as the largest of its facilities wants. A facility's size includes what it needs, so what another one needs
 * does not count. Throws for a kind of which nothing is known.
 */
export function sizeOf(
  kind: MachineKind,
  configured: Readonly<Record<string, MachineSize>>,
  catalogue = facilityCatalogue,
): MachineSize {
  const sizes = outermost(kind, catalogue).map(({ name, size }) => configured[name] ?? size);
  if (sizes.length === 0) throw new Error(`There is no machine ${kind}.`);
  return {
    cpus: Math.max(...sizes.map(({ cpus }) => cpus)),
    memoryMiB: Math.max(...sizes.map(({ memoryMiB }) => memoryMiB)),
  };
}

/** Of the whole machine: engine, agent and every container in it. */
export const processLimit = (kind: MachineKind, catalogue = facilityCatalogue): number =>
  Math.max(...facilitiesOf(kind, catalogue).map(({ size }) => size.processes));
