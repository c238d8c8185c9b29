import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readArchive } from "#grading/submissions/archive/read-archive.ts";
import { packFolder } from "./pack-folder.ts";

const limits = { packedBytes: 1e6, unpackedBytes: 1e6, entries: 100 };

async function folderWith(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "drydock-pack-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, "in", name)), { recursive: true });
    await writeFile(path.join(dir, "in", name), text);
  }
  return dir;
}

it("gives equal bytes for equal folders, whatever their files' times", async () => {
  const tars: Buffer[] = [];
  for (const time of [1_000_000, 2_000_000]) {
    const dir = await folderWith({ "b.txt": "b", "app/a.py": "a" });
    await utimes(path.join(dir, "in/b.txt"), time, time);
    await packFolder(path.join(dir, "in"), path.join(dir, "out.tar"));
    tars.push(await readFile(path.join(dir, "out.tar")));
  }
  expect(tars[0]?.equals(tars[1] ?? Buffer.alloc(0))).toBe(true);
});

it("keeps names, bytes and the execute bit", async () => {
  const dir = await folderWith({ "run.sh": "#!/bin/sh\n", "app/deep/größe.txt": "x" });
  await chmod(path.join(dir, "in/run.sh"), 0o755);
  await packFolder(path.join(dir, "in"), path.join(dir, "out.tar"));
  const read = await readArchive(path.join(dir, "out.tar"), "out.tar", limits);
  expect(read).toMatchObject({
    outcome: "ok",
    files: [
      { path: "app/deep/größe.txt", bytes: 1, executable: false },
      { path: "run.sh", bytes: 10, executable: true },
    ],
  });
});

it("packs a link as a link, so that the reader refuses it instead of following it", async () => {
  const dir = await folderWith({ "a.txt": "a" });
  await symlink("/etc/passwd", path.join(dir, "in/b.txt"));
  await packFolder(path.join(dir, "in"), path.join(dir, "out.tar"));
  const read = await readArchive(path.join(dir, "out.tar"), "out.tar", limits);
  expect(read).toMatchObject({ outcome: "refused", code: "entry-link" });
});
