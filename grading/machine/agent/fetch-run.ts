import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { RunOrder } from "../../protocol/messages.ts";
import type { DrydockClient } from "./drydock-client.ts";
import { Refused } from "./transport.ts";
import { unpackArchive } from "./unpack-archive.ts";

/** Hidden files are the course's own: the limits only bound a mistake. */
const hiddenLimits = { packedBytes: 2 ** 30, unpackedBytes: 2 ** 30, entries: 50_000 };

export interface FetchedRun {
  submissionDir: string;
  hiddenDir: string;
  strippedFolder: string | null;
}

/** The files of a run could not be had: never the student's fault, since Drydock accepted them. */
export class FetchFailed extends Error {
  override readonly name = "FetchFailed";
}

/** The submission arrived whole and could not be unpacked: that would be so in every machine. */
export class NotUnpacked extends FetchFailed {}

/**
 * Brings the submission and the hidden files into workDir/submission and workDir/hidden, which must not exist.
 * Throws FetchFailed, and Refused when the attempt is over.
 */
export async function fetchRun(
  client: DrydockClient,
  session: string,
  order: RunOrder,
  workDir: string,
): Promise<FetchedRun> {
  await mkdir(workDir, { recursive: true, mode: 0o700 });
  const submissionDir = path.join(workDir, "submission");
  const hiddenDir = path.join(workDir, "hidden");
  const archive = path.join(workDir, "submission.archive");
  const hidden = path.join(workDir, "hidden.tar");
  await Promise.all([
    download(client, session, "submission", archive, order.submission),
    order.hidden.bytes > 0 ? download(client, session, "hidden", hidden, order.hidden) : undefined,
  ]);
  const { fileName } = order.submission;
  const unpacked = await unpackArchive(archive, fileName, order.spec.limits, submissionDir, order.spec).catch(
    (cause: unknown) => {
      throw new NotUnpacked("Unpacking the accepted submission broke.", { cause });
    },
  );
  if (unpacked.outcome === "refused")
    throw new NotUnpacked(
      `The accepted submission could not be unpacked (${unpacked.code}): ${unpacked.message}`,
    );
  await rm(archive);
  if (order.hidden.bytes === 0) await mkdir(hiddenDir, { mode: 0o700 });
  else {
    const outcome = await unpackArchive(hidden, "hidden.tar", hiddenLimits, hiddenDir, {
      keepTopFolder: true,
    });
    // An empty hidden/ packs into a tar without files.
    if (outcome.outcome === "refused" && outcome.code !== "empty-archive")
      throw new FetchFailed(`The exercise's hidden files could not be unpacked: ${outcome.message}`);
    await rm(hidden);
  }
  return { submissionDir, hiddenDir, strippedFolder: unpacked.strippedFolder };
}

async function download(
  client: DrydockClient,
  session: string,
  what: "submission" | "hidden",
  target: string,
  stated: { bytes: number; sha256?: string },
): Promise<void> {
  const got = await client.persist(async () => {
    const { stream } = await client.open(`/agent/files/${what}`, session);
    const hash = createHash("sha256");
    let bytes = 0;
    const measured = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        hash.update(chunk);
        // Never more on disk than was stated.
        done(
          bytes > stated.bytes ? new Refused(400, "too-long", `The ${what} is longer than stated.`) : null,
          chunk,
        );
      },
    });
    await pipeline(stream, measured, createWriteStream(target, { mode: 0o600 }));
    return { bytes, sha256: hash.digest("hex") };
  });
  if (got.bytes !== stated.bytes || (stated.sha256 !== undefined && got.sha256 !== stated.sha256))
    throw new FetchFailed(
      `The ${what} arrived as ${got.bytes} bytes with sha256 ${got.sha256}; ${stated.bytes} bytes${stated.sha256 ? ` with ${stated.sha256}` : ""} were stated.`,
    );
}
