import type { Part } from "../../kit/credit/share-credit.ts";
import { podName } from "../kit/drills/count-replicas.ts";
import type { Drill } from "../kit/drills/record-timeline.ts";

/** Exit status of a process that was ended with SIGKILL. */
const killed = 137;

/** Whether the pods that were told to end did so by themselves, before their grace was over. */
export function judgeEndings(
  deployment: string,
  graceSeconds: number,
  { gone, endings }: Pick<Drill, "gone" | "endings">,
): Part {
  const expected = `Pods of Deployment ${deployment} end by themselves at SIGTERM, within their grace of ${graceSeconds} s`;
  for (const { atMs, pod } of gone) {
    const seconds = (atMs - (endings.get(podName(pod)) ?? atMs)) / 1000;
    const hard = pod.status?.containerStatuses?.find(({ state }) => state?.terminated?.exitCode === killed);
    if (hard === undefined || seconds < graceSeconds) continue;
    return {
      expected,
      problem: {
        happened: `Container ${hard.name} of pod ${podName(pod)} did not end at SIGTERM and was killed ${seconds.toFixed(1)} s later.`,
        fix: "Let the program end at SIGTERM. A shell as first process passes no signal on: start the program with exec, or with command: as a list.",
      },
    };
  }
  return { expected, problem: null };
}
