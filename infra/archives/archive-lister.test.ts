import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ArchiveToList } from "#grading/submissions/ports.ts";
import { createArchiveLister } from "./archive-lister.ts";
import { archiveThread } from "./archive-program.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "drydock-lister-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const order = (fields: Partial<ArchiveToList> = {}): ArchiveToList => ({
  userId: "usr_alice",
  file: path.join(dir, "work.tar.gz"),
  fileName: "work.tar.gz",
  limits: { packedBytes: 2 ** 20, unpackedBytes: 2 ** 20, entries: 10 },
  requiredFiles: [],
  ...fields,
});

/** A program that stands in for the reader; what it does is its text. */
async function program(name: string, text: string) {
  const file = path.join(dir, `${name}.mjs`);
  await writeFile(file, `import { parentPort, workerData } from "node:worker_threads";\n${text}`);
  return file;
}

describe("an archive is listed in a thread of its own", () => {
  it("says what the reader says, a refusal too", async () => {
    const tar = pack();
    tar.entry({ name: "app/main.py" }, "print(1)\n");
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
    await writeFile(path.join(dir, "work.tar.gz"), gzipSync(Buffer.concat(chunks)));
    const list = createArchiveLister(archiveThread(false));
    expect(await list(order())).toEqual({
      outcome: "ok",
      format: "tar.gz",
      files: [{ path: "main.py", bytes: 9, executable: false }],
      strippedFolder: "app",
    });
    await writeFile(path.join(dir, "none"), "hello");
    expect(await list(order({ file: path.join(dir, "none") }))).toMatchObject({ code: "not-an-archive" });
    await expect(list(order({ file: path.join(dir, "gone") }))).rejects.toThrow("ENOENT");
  });

  it("ends a reading that never ends, and refuses the archive in a sentence", async () => {
    const endless = await program("endless", "for (;;) parentPort.ref();");
    const list = createArchiveLister(endless, { timeLimitMs: 300, atOnce: 1 });
    expect(await list(order())).toEqual({
      outcome: "refused",
      code: "archive-too-slow",
      message:
        '"work.tar.gz" took more than the 0.3 s in which an archive must be read; pack only the files that the exercise asks for, and upload it again.',
    });
  });

  it("is trouble of ours when the thread dies", async () => {
    const list = createArchiveLister(await program("dies", "process.exit(3);"));
    await expect(list(order())).rejects.toThrow("ended with 3");
  });
});

it("a student's archives are read one after the other, and only two of all students' at once", async () => {
  // Each reading answers how many were there while it was: it leaves a file where it stands for as long as it reads.
  const counting = await program(
    "counting",
    `import { readdirSync, writeFileSync, rmSync } from "node:fs";
     const own = workerData.file;
     const dir = own.slice(0, own.lastIndexOf("/"));
     writeFileSync(own, "");
     let all = 0, ofStudent = 0;
     for (let look = 0; look < 40; look += 1) {
       const there = readdirSync(dir);
       all = Math.max(all, there.length);
       ofStudent = Math.max(ofStudent, there.filter((each) => each[0] === own[dir.length + 1]).length);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
     }
     rmSync(own);
     parentPort.postMessage({ read: { outcome: "refused", code: "no-files", message: all + " " + ofStudent } });`,
  );
  const readings = await mkdtemp(path.join(dir, "readings-"));
  const list = createArchiveLister(counting);
  const outcomes = await Promise.all(
    ["a", "a", "a", "b", "c"].map((student, i) =>
      list(order({ userId: student, file: path.join(readings, `${student}${i}`) })),
    ),
  );
  const seen = outcomes.map((each) =>
    each.outcome === "refused" ? each.message.split(" ").map(Number) : [],
  );
  expect(seen.every(([all]) => (all ?? 9) <= 2)).toBe(true);
  expect(seen.every(([, ofStudent]) => ofStudent === 1)).toBe(true);
});
