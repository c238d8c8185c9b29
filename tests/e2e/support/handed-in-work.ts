import { createHash } from "node:crypto";
import path from "node:path";
import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import { createDiskStore } from "#infra/storage/disk.ts";
import { type SeededCourse, type SeededRun, seedSubmission } from "#tests/support/seed.ts";
import type { TestWeb } from "./start-web.ts";

/** A submission whose archive lies in the site's store, with the list as the upload makes it. */
export async function handIn(
  web: TestWeb,
  course: SeededCourse,
  fields: { userId: string; number: number; files: Record<string, string | Buffer> },
): Promise<SeededRun> {
  const zip = new ZipFile();
  const files = Object.entries(fields.files).map(([name, content]) => {
    const bytes = Buffer.from(content);
    zip.addBuffer(bytes, name);
    return { path: name, bytes: bytes.length };
  });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as Readable) chunks.push(chunk as Buffer);
  const archive = Buffer.concat(chunks);
  const sha256 = createHash("sha256").update(archive).digest("hex");
  const seeded = await seedSubmission(web.database.db, course, {
    ...{ userId: fields.userId, number: fields.number },
    ...{ files, sha256, bytes: archive.length },
  });
  const store = createDiskStore(path.join(web.dataDir, "files"));
  await store.put(`submissions/${seeded.submissionId}`, Readable.from([archive]));
  return seeded;
}
