import type Docker from "dockerode";
import type { MachineProfile } from "#grading/machines/provider.ts";
import { inMinutes } from "#infra/machine/build-time.ts";
import { ensureMachineImage, type MachineImage } from "#infra/machine/ensure-image.ts";
import type { Progress } from "./progress.ts";

const titles = { docker: "Machine image", kubernetes: "Machine image with Kubernetes" } as const;
/** Less than this is not worth a line. */
const longSeconds = 15;

/** Makes sure of a profile's machine image; says at the start how long it takes where it has to be made. */
export async function showMachineImage(
  progress: Progress,
  options: { docker: Docker; profile: MachineProfile["name"]; signal?: AbortSignal; notBefore?: Date },
): Promise<MachineImage> {
  const title = titles[options.profile];
  const step = progress.step(title);
  let said = false;
  const image = await ensureMachineImage({
    ...options,
    onProgress: ({ fraction, step: doing, line, secondsLeft }) => {
      if (!said && secondsLeft > longSeconds) {
        said = true;
        progress.say(
          `  ${title} has to be made: ${inMinutes(secondsLeft)} on two cores, once on this computer.`,
        );
      }
      const left = secondsLeft > 0 ? `${inMinutes(secondsLeft)} left  ` : "";
      step.update(fraction, `${left}${line ?? doing}`);
    },
  });
  step.done();
  return image;
}
