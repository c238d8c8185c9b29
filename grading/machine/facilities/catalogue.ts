import { engine } from "./engine/facility.ts";
import type { FacilityKind } from "./kit/define-facility.ts";
import { kubernetes } from "./kubernetes/facility.ts";

export { defineFacility, type FacilityKind } from "./kit/define-facility.ts";
export { type KubernetesSettings, kubernetesSettings } from "./kubernetes/facility.ts";

/** Every facility, what is built on others after them; that is the order in which they start. */
export const facilityKinds = { engine, kubernetes };

export const facilityCatalogue: readonly FacilityKind[] = Object.values(facilityKinds);
