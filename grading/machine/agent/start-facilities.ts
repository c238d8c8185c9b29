import { withinTime } from "#course/within-time.ts";
import { facilitiesOf, kindFor, type MachineKind } from "../../machines/machine-kind.ts";
import type { FacilityKind } from "../facilities/catalogue.ts";
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
 * name of the one that did not come up in its time.
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
  for (const { kind, start } of startsOf(kindFor(spec, catalogue), starts)) {
    const settings: unknown = kind.settings.parse(spec.facilities[kind.name] ?? {});
    const work = (within: FacilityContext) =>
      warm.get(kind.name)?.take(settings, tell) ?? start(within, settings, tell);
    ready.set(kind.name, await part(kind.name, inTime(kind, context, work)));
  }
  return ready;
}

/** Before this machine has a run: of its kind what may wait, and what that is built on. nodes: of its Kubernetes. */
export async function warmFacilities(
  context: FacilityContext,
  machineKind: MachineKind,
  nodes: number,
  starts = facilityStarts,
): Promise<WarmFacilities> {
  const warm = new Map<string, WarmFacility<unknown, unknown>>();
  for (const { kind, start, warm: warmUp } of startsOf(machineKind, starts)) {
    if (warmUp === undefined)
      await inTime(kind, context, (within) => start(within, kind.settings.parse({}), () => {}));
    else warm.set(kind.name, await inTime(kind, context, (within) => warmUp(within, nodes)));
  }
  return warm;
}

/** In the order in which they start. */
const startsOf = (machineKind: MachineKind, starts: FacilityStarts) => {
  const catalogue = [...starts.values()].map(({ kind }) => kind);
  const wanted = facilitiesOf(machineKind, catalogue);
  return [...starts.values()].filter(({ kind }) => wanted.includes(kind));
};

/** Whoever starts it may know better what was missing, and says so first. */
const lastWordMs = 2_000;

/** Rejects when it takes longer than its kind says; see withinTime. */
const inTime = <Result>(
  { title, startSeconds }: FacilityKind,
  context: FacilityContext,
  work: (within: FacilityContext) => Promise<Result>,
): Promise<Result> =>
  withinTime(
    startSeconds * 1000 + lastWordMs,
    () => new Error(`${title} was not there within ${startSeconds} s.`),
    (signal) => work({ ...context, signal }),
    context.signal,
  );
