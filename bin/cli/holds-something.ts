import { readdir } from "node:fs/promises";

/** Whether writing there could touch what is somebody's: a folder that is not empty, or a file. */
export async function holdsSomething(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length > 0;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return false;
    if (code === "ENOTDIR") return true;
    throw error;
  }
}
