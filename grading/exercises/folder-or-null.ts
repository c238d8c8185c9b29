import { stat } from "node:fs/promises";

/** The path if it is a folder, else null. */
export async function folderOrNull(folder: string): Promise<string | null> {
  try {
    return (await stat(folder)).isDirectory() ? folder : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
