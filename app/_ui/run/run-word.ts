import { stateWord } from "../state/state-tag.tsx";
import { startsKubernetes } from "./road-steps.ts";

/** What the run is doing, in the word of its road. */
export function runWord(view: Parameters<typeof startsKubernetes>[0]): string {
  return startsKubernetes(view) ? "Starting Kubernetes" : stateWord(view.run.state);
}
