import { createHash } from "node:crypto";
import path from "node:path";
import { Readable } from "node:stream";
import { createDiskStore } from "#infra/storage/disk.ts";
import { type SeededCourse, type SeededRun, seedSubmission } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";
import type { TestWeb } from "./start-web.ts";

/** A submission whose archive lies in the site's store, with the list as the upload makes it. */
export async function handIn(
  web: TestWeb,
  course: SeededCourse,
  fields: { userId: string; number: number; files: Record<string, string | Buffer> },
): Promise<SeededRun> {
  const archive = await zipOf(fields.files);
  const files = Object.entries(fields.files).map(([name, content]) => ({
    path: name,
    bytes: Buffer.byteLength(content),
  }));
  const sha256 = createHash("sha256").update(archive).digest("hex");
  const seeded = await seedSubmission(web.database.db, course, {
    ...{ userId: fields.userId, number: fields.number },
    ...{ files, sha256, bytes: archive.length },
  });
  const store = createDiskStore(path.join(web.dataDir, "files"));
  await store.put(`submissions/${seeded.submissionId}`, Readable.from([archive]));
  return seeded;
}
