import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * What the file says, else what `make` gives, which is kept there from then on, readable by its owner only. Processes
 * that start together agree: the first to link its file into place wins, and nobody ever reads half of one.
 */
export async function keepOnce(file: string, make: () => string): Promise<string> {
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (kept !== null) return kept;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const made = make();
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(temporary, made, { mode: 0o600, flag: "wx" });
    await link(temporary, file);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return await readFile(file, "utf8");
  } finally {
    await rm(temporary, { force: true });
  }
}
