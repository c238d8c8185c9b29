import { randomBytes, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import tar from "tar-stream";
import { signedInToken } from "../../bin/demo/student-client.ts";
import type { Site } from "../../bin/site/start-site.ts";
import { peakMiB, resetPeak } from "./memory.ts";
import { benchStudent } from "./student.ts";
import type { Row } from "./table.ts";

const megabytes = 500;

/** One upload of 500 MB of noise; what the web process held at its worst, less what it held before. */
export async function measureLargeUpload(site: Site): Promise<Row[]> {
  const token = await signedInToken(site.baseUrl, benchStudent.email, benchStudent.password);
  // A small one first: code is compiled and pools are filled once.
  await upload(site.baseUrl, token, 1);
  const before = await resetPeak(site.web.pid);
  const started = performance.now();
  await upload(site.baseUrl, token, megabytes);
  const seconds = (performance.now() - started) / 1000;
  const added = (await peakMiB(site.web.pid)) - before;
  return [
    {
      goal: "a 500 MB upload adds less than 64 MB to the web process",
      figure: `${added.toFixed(0)} MiB over ${before.toFixed(0)} MiB (1 upload, ${seconds.toFixed(1)} s)`,
      pass: added * 1.048576 < 64,
    },
  ];
}

async function upload(baseUrl: string, token: string, size: number): Promise<void> {
  const query = new URLSearchParams({ exercise: "bench/bench/large", name: "large.tar" });
  const response = await fetch(`${baseUrl}/api/submissions?${query}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/x-tar",
      "idempotency-key": randomUUID(),
    },
    body: Readable.toWeb(noise(size)) as ReadableStream,
    duplex: "half",
  } as RequestInit);
  if (response.status !== 201)
    throw new Error(`The upload was refused with ${response.status}: ${await response.text()}`);
}

function noise(size: number): Readable {
  const pack = tar.pack();
  pack.entry({ name: "Dockerfile" }, "FROM busybox\n");
  const block = randomBytes(1_000_000);
  const entry = pack.entry({ name: "noise.bin", size: size * block.length }, () => pack.finalize());
  Readable.from(
    (function* () {
      for (let sent = 0; sent < size; sent += 1) yield block;
    })(),
  ).pipe(entry);
  return Readable.from(pack);
}
