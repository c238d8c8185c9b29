import { storedVersions } from "#grading/machines/stored-versions.ts";
import type { Db } from "../connection/client.ts";

export interface MachineImageStore {
  /** What the worker's machines are made from now. */
  note(
    machineKind: string,
    image: { image: string; madeAt: Date; versions: Partial<Record<string, string>> },
    now: Date,
  ): Promise<void>;
  /** Forgets machines of all other kinds, which nobody looks after any more; says which. */
  keepOnly(machineKinds: readonly string[]): Promise<string[]>;
}

/** For pages: the web server does not ask the engine. */
export function createMachineImageStore(db: Db): MachineImageStore {
  return {
    note: async (machineKind, { image, madeAt, versions }, now) => {
      const known = Object.entries(versions).filter((one): one is [string, string] => one[1] !== undefined);
      const stored = storedVersions.write(Object.fromEntries(known));
      const data = { image, madeAt, versions: stored, seenAt: now };
      await db.machineImage.upsert({
        where: { machineKind },
        create: { machineKind, ...data },
        update: data,
      });
    },
    keepOnly: async (machineKinds) => {
      const others = { machineKind: { notIn: [...machineKinds] } };
      const forgotten = await db.machineImage.findMany({ where: others, select: { machineKind: true } });
      await db.machineImage.deleteMany({ where: others });
      return forgotten.map(({ machineKind }) => machineKind);
    },
  };
}
