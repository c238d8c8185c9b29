import { facilitiesOf, kindFor } from "../../machines/machine-kind.ts";
import { startEngine } from "../facilities/engine/start.ts";
import type {
  FacilityContext,
  FacilityStart,
  StartedFacility,
  WarmFacility,
} from "../facilities/kit/start-facility.ts";
import { startKubernetes } from "../facilities/kubernetes/start.ts";
import { part } from "./agent-trouble.ts";

/** By name; what is built on another one stands after it, as in the catalogue. */
// biome-ignore lint/suspicious/noExplicitAny: each start takes the settings of its own kind, which spec.facilities holds under its name.
export type FacilityStarts = ReadonlyMap<string, FacilityStart<any>>;
export const facilityStarts: FacilityStarts = new Map(
  [startEngine, startKubernetes].map((start) => [start.kind.name, start]),
);

/** Facilities of this machine that were started before it had a run, by name. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type WarmFacilities = ReadonlyMap<string, WarmFacility<any, unknown>>;

/** What the run's checks may use, by name. */
export type Facilities = ReadonlyMap<string, StartedFacility>;

/**
 * Starts what the exercise asks for, one after the other, or takes it where it waits already. Throws NotThere with the
 * name of the one that did not come up.
 */
export async function startFacilities(
  context: FacilityContext,
  spec: { facilities: Readonly<Record<string, unknown>> },
  warm: WarmFacilities,
  tell: (line: string) => void,
  starts = facilityStarts,
): Promise<Facilities> {
  const ready = new Map<string, StartedFacility>();
  const catalogue = [...starts.values()].map(({ kind }) => kind);
  for (const { name, settings } of facilitiesOf(kindFor(spec, catalogue), catalogue)) {
    const asked: unknown = settings.parse(spec.facilities[name] ?? {});
    const waiting = warm.get(name);
    const starting = waiting?.take(asked, tell) ?? starts.get(name)?.start(context, asked, tell);
    if (starting === undefined) throw new Error(`Nothing starts ${name}.`);
    ready.set(name, await part(name, starting));
  }
  return ready;
}

/** Before this machine has a run: what may wait, and what it is built on. nodes: of its Kubernetes. */
export async function warmFacilities(
  context: FacilityContext,
  nodes: number,
  starts = facilityStarts,
): Promise<WarmFacilities> {
  const warm = new Map<string, WarmFacility<unknown, unknown>>();
  for (const { kind, start, warm: warmUp } of starts.values())
    if (warmUp !== undefined) warm.set(kind.name, await warmUp(context, nodes));
    else if (kind.needs.length === 0) await start(context, kind.settings.parse({}), () => {});
  return warm;
}
