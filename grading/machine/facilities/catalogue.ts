import { z } from "zod";
import type { FacilityKind } from "./kinds/define-facility.ts";
import { engine } from "./kinds/engine.ts";
import { kubernetes } from "./kinds/kubernetes.ts";

export { defineFacility, type FacilityKind, facilityName } from "./kinds/define-facility.ts";
export { type KubernetesSettings, kubernetesSettings } from "./kinds/kubernetes.ts";

/** Every facility, what is built on others after them; that is the order in which they start. */
export const facilityKinds = { engine, kubernetes };

export const facilityCatalogue: readonly FacilityKind[] = Object.values(facilityKinds);

/** What exercise.yaml says under facilities: by name what it wants of each; what those are built on is there as well. */
export const facilitySettings = <Kinds extends Readonly<Record<string, FacilityKind>>>(kinds: Kinds) =>
  z.strictObject(
    Object.fromEntries(Object.values(kinds).map(({ name, settings }) => [name, settings.optional()])) as {
      [Name in keyof Kinds]: z.ZodOptional<Kinds[Name]["settings"]>;
    },
  );
