import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A text, or a file that is more than that. */
export type FileToMake = string | { text: string; mode: number } | { linkTo: string };

/** A folder of the test's own with these files, gone after it. */
export async function folderWith(files: Record<string, FileToMake>): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "drydock-files-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(dir, name);
    await mkdir(path.dirname(file), { recursive: true });
    if (typeof content === "string") await writeFile(file, content);
    else if ("linkTo" in content) await symlink(content.linkTo, file);
    else {
      await writeFile(file, content.text);
      await chmod(file, content.mode);
    }
  }
  return dir;
}
