import { createHash } from "node:crypto";
import { access, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { BinaryModule } from "./modules.ts";

/** Where a module's programs are kept: another place for another version, architecture, pin or way to build. */
export function programFolder(cacheDir: string, module: BinaryModule, architecture: string): string {
  const hash = createHash("sha256").update(JSON.stringify([module.tags, module.ldflags]));
  for (const file of module.files) hash.update(`\0${file.path}\0`).update(file.content);
  const pins = hash.digest("hex").slice(0, 8);
  return path.join(cacheDir, "programs", `${module.name}-${module.version}-${architecture}-${pins}`);
}

/** A folder is there only when it is whole. */
export async function isKept(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}

/**
 * Has `fill` put the module's programs into a folder beside, which becomes `folder` when all are there. Another process
 * that was faster wins.
 */
export async function fillFolder(
  folder: string,
  module: BinaryModule,
  fill: (into: string) => Promise<void>,
): Promise<void> {
  const partial = `${folder}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    for (const [from, to] of Object.entries(module.builtAs)) {
      if (await isKept(path.join(partial, from))) {
        await rename(path.join(partial, from), path.join(partial, to));
      }
    }
    for (const program of module.programs) await access(path.join(partial, program));
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
