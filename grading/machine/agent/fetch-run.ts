import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { RunFile, RunOrder } from "../../protocol/messages.ts";
import { describeError } from "./describe-error.ts";
import type { DrydockClient } from "./drydock-client.ts";
import { unpackArchive } from "./files/unpack-archive.ts";
import { Refused } from "./transport.ts";

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

/** Who is asked for the files, and the machine's diary. */
interface Source {
  client: DrydockClient;
  session: string;
  say(line: string): void;
}

/** What is said of a file beforehand, and held against what arrives, whoever gives it. */
interface Stated {
  bytes: number;
  /** hex */
  sha256?: string;
}

/**
 * Where machines do not reach the store, or it is away, Drydock has the same bytes: what is tried in vain costs the
 * student's time.
 */
const linkTries = 2;

/**
 * Brings the submission and the hidden files into workDir/submission and workDir/hidden, which must not exist; from
 * the store itself where Drydock gives a link to it, else from Drydock. Throws FetchFailed, and Refused when the attempt
 * is over.
 */
export async function fetchRun(source: Source, order: RunOrder, workDir: string): Promise<FetchedRun> {
  await mkdir(workDir, { recursive: true, mode: 0o700 });
  const submissionDir = path.join(workDir, "submission");
  const hiddenDir = path.join(workDir, "hidden");
  const archive = path.join(workDir, "submission.archive");
  const hidden = path.join(workDir, "hidden.tar");
  await Promise.all([
    download(source, "submission", archive, order.submission),
    order.hidden.bytes > 0 ? download(source, "hidden", hidden, order.hidden) : undefined,
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

async function download(source: Source, what: RunFile, target: string, stated: Stated): Promise<void> {
  if (await downloadByLink(source, what, target, stated)) return;
  const { client, session } = source;
  const got = await client.persist(async () => {
    const { stream } = await client.open(`/agent/files/${what}`, session);
    return receive(stream, what, target, stated.bytes);
  });
  if (!isAsStated(got, stated))
    throw new FetchFailed(
      `The ${what} arrived as ${got.bytes} bytes with sha256 ${got.sha256}; ${stated.bytes} bytes${stated.sha256 ? ` with ${stated.sha256}` : ""} were stated.`,
    );
}

/** Whether the store gave what was stated. */
async function downloadByLink(
  { client, session, say }: Source,
  what: RunFile,
  target: string,
  stated: Stated,
): Promise<boolean> {
  for (let tries = 0; tries < linkTries; tries++) {
    // Another one each time: the last may have expired.
    const link = await client.fileLink(session, what);
    if (link === null) return false;
    try {
      const got = await receive(await client.openLink(link.url), what, target, stated.bytes);
      if (isAsStated(got, stated)) return true;
      say(`The store gave another ${what} than was stated.`);
    } catch (error) {
      say(`The store did not give the ${what}: ${describeError(error)}`);
    }
  }
  return false;
}

const isAsStated = (got: Required<Stated>, { bytes, sha256 }: Stated): boolean =>
  got.bytes === bytes && (sha256 === undefined || got.sha256 === sha256);

async function receive(
  stream: Readable,
  what: RunFile,
  target: string,
  most: number,
): Promise<Required<Stated>> {
  const hash = createHash("sha256");
  let bytes = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      // Never more on disk than was stated.
      done(bytes > most ? new Refused(400, "too-long", `The ${what} is longer than stated.`) : null, chunk);
    },
  });
  await pipeline(stream, measured, createWriteStream(target, { mode: 0o600 }));
  return { bytes, sha256: hash.digest("hex") };
}
