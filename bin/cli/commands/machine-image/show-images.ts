import { dayMs } from "#course/clock.ts";
import type { AccountImage } from "#infra/compute/ec2/images/list-images.ts";
import type { Pruning } from "#infra/compute/ec2/images/prune-images.ts";
import { type Cell, type Column, count } from "../../table.ts";
import type { Output } from "../../terminal.ts";

/** today, 1 day ago, 12 days ago */
export function ageOf(madeAt: Date, now: Date): string {
  const days = Math.max(0, Math.floor((now.getTime() - madeAt.getTime()) / dayMs));
  return days === 0 ? "today" : `${count(days, "day")} ago`;
}

export function imageRows(
  images: readonly AccountImage[],
  used: ReadonlySet<string>,
  now: Date,
): { columns: Column[]; rows: (string | Cell)[][] } {
  return {
    columns: [
      ...[{ title: "Kind" }, { title: "Image" }, { title: "Recipe" }, { title: "Made" }],
      ...[{ title: "Disk", align: "right" as const }, { title: "State" }],
    ],
    rows: images.map((image) => [
      ...[image.machineKind, image.imageId, image.recipe.slice(0, 12), ageOf(image.madeAt, now)],
      `${image.sizeGiB} GiB`,
      used.has(image.imageId)
        ? { text: "used by this version", style: "green" as const }
        : image.state === "available"
          ? "available"
          : image.state,
    ]),
  };
}

/** What goes, a line each. */
export function sayPruning(output: Output, { images, snapshotIds }: Pruning, now: Date): void {
  if (images.length === 0 && snapshotIds.length === 0) output.write("There is no image to be removed.\n");
  for (const image of images)
    output.write(
      `${image.imageId}  ${image.machineKind}, made ${ageOf(image.madeAt, now)}, ${image.state}, with ${count(image.snapshotIds.length, "snapshot")}\n`,
    );
  for (const id of snapshotIds) output.write(`${id}  snapshot of an image that is gone\n`);
}
