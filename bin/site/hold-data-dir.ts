import { readFile, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#course/errors.ts";

/** One site a data folder: a second one would take over the first one's socket. Returns what gives it back. */
export async function holdDataDir(dataDir: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, "site.pid");
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      return () => unlink(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = Number(await readFile(file, "utf8"));
    if (holder > 0 && isAlive(holder)) {
      throw new AppError({
        code: "data-folder-in-use",
        userMessage: `Drydock is already running from ${dataDir} (process ${holder}). Stop it with Ctrl-C where it runs, or set DRYDOCK_DATA_DIR to another folder.`,
      });
    }
    // Left by a process that was killed.
    await unlink(file);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
