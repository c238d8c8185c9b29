import type { Services } from "#app/_server/services.ts";
import { dayMs } from "#course/clock.ts";
import { titleOf } from "#grading/machines/machine-kind.ts";
import { storedVersions } from "#grading/machines/stored-versions.ts";

export interface MachineImageView {
  title: string;
  image: string;
  madeAt: string;
  /** Days since its packages were installed, and whether it should have been made anew by now. */
  days: number;
  old: boolean;
  versions: { name: string; version: string }[];
}

const names = ["engine", "containerd", "runc", "kubernetes", "debian"];

/** What machines are made from, as the worker last saw it. */
export async function readMachineImages({
  db,
  clock,
  config,
}: Pick<Services, "db" | "clock" | "config">): Promise<MachineImageView[]> {
  const rows = await db.machineImage.findMany({ orderBy: { machineKind: "asc" } });
  return rows.map(({ machineKind, image, madeAt, versions }) => {
    const days = Math.floor((clock().getTime() - madeAt.getTime()) / dayMs);
    const stored = storedVersions.read(versions);
    const found = stored.outcome === "read" ? stored.value : {};
    return {
      title: titleOf(machineKind),
      image,
      madeAt: madeAt.toISOString(),
      days,
      old: days > config.imageDays,
      versions: names.flatMap((name) => {
        const version = found[name];
        return version === undefined ? [] : [{ name, version }];
      }),
    };
  });
}
