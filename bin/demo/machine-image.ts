import type Docker from "dockerode";
import { facilitiesOf, type MachineKind } from "#grading/machines/machine-kind.ts";
import { inMinutes } from "#infra/machine/build-time.ts";
import { ensureMachineImage, type MachineImage } from "#infra/machine/ensure-image.ts";
import type { Progress } from "./progress.ts";

/** Such as "Machine image with Kubernetes": what it has besides the engine. */
function titleOfImage(machineKind: MachineKind): string {
  const more = facilitiesOf(machineKind).slice(1);
  return ["Machine image", ...more.map(({ title }) => title)].join(" with ");
}
/** Less than this is not worth a line. */
const longSeconds = 15;

/** Makes sure of a machine's image; says at the start how long it takes where it has to be made. */
export async function showMachineImage(
  progress: Progress,
  options: { docker: Docker; machineKind: MachineKind; signal?: AbortSignal; notBefore?: Date },
): Promise<MachineImage> {
  const title = titleOfImage(options.machineKind);
  return progress.step(title, (update) => {
    let said = false;
    return ensureMachineImage({
      ...options,
      onProgress: ({ fraction, step: doing, line, secondsLeft }) => {
        if (!said && secondsLeft > longSeconds) {
          said = true;
          progress.say(
            `  ${title} has to be made: ${inMinutes(secondsLeft)} on two cores, once on this computer.`,
          );
        }
        const left = secondsLeft > 0 ? `${inMinutes(secondsLeft)} left  ` : "";
        update(fraction, `${left}${line ?? doing}`);
      },
    });
  });
}
