import type { RunView } from "#app/_server/queries/run/run-view.ts";

/** The machine of the current attempt is no more, or there never was one: nothing of its cost will change. */
export function machineGone({ machine }: Pick<RunView, "machine">): boolean {
  return machine === null || machine.state === "terminated" || machine.state === "lost";
}
