import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { pack } from "tar-stream";
import { ZipFile } from "yazl";
import { createReceiptSigner } from "#course/receipts/receipt-signer.ts";
import { readArchive } from "#grading/submissions/archive/read-archive.ts";
import type { SubmitPorts } from "#grading/submissions/ports.ts";
import type { StorageQuotas } from "#grading/submissions/storage-quota.ts";
import type { IncomingFile, SubmitInput, SubmitOutcome } from "#grading/submissions/submission-types.ts";
import { createUploadsUnderWay } from "#grading/submissions/uploads-under-way.ts";
import { createSubmitPorts } from "#infra/db/submissions/submission-store.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import type { TestDatabase } from "./database.ts";

/** More than any test stores, unless it says otherwise. */
const roomy = { personBytes: 1024 ** 3, courseBytes: 1024 ** 4 };

export interface SubmitFixture {
  ports: SubmitPorts;
  /** Folder of the file store. */
  root: string;
  /** Ids of the runs that were handed to the queue. */
  queued: string[];
  /** Public keys for the receipts. */
  jwks: { keys: JWK[] };
  /** The same ports with another queue, and what would be logged as an error. */
  portsWithQueue(add: (runId: string) => Promise<void>, onLogged: (entry: unknown) => void): SubmitPorts;
  setNow(now: Date): void;
  /** Every file below the store, as paths relative to it. */
  storedFiles(): Promise<string[]>;
  close(): Promise<void>;
}

/** submitWork's real ports, with a queue that only remembers. */
export async function startSubmitFixture(
  database: TestDatabase,
  now: Date,
  quotas: StorageQuotas = roomy,
): Promise<SubmitFixture> {
  const root = await mkdtemp(path.join(tmpdir(), "drydock-store-"));
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const privateJwk = await exportJWK(privateKey);
  const { d: _secret, ...publicJwk } = privateJwk;
  const receiptSigner = createReceiptSigner(
    async () => privateJwk,
    async () => ({ address: "http://127.0.0.1:3000", deployment: "test", installation: "ins_1" }),
  );
  let current = now;
  const queued: string[] = [];
  const uploads = createUploadsUnderWay();
  const portsWithQueue = (add: (runId: string) => Promise<void>, onLogged: (entry: unknown) => void) =>
    createSubmitPorts({
      db: database.db,
      files: createDiskStore(root),
      listArchive: ({ file, fileName, limits, requiredFiles }) =>
        readArchive(file, fileName, limits, undefined, { requiredFiles }),
      uploads,
      clock: () => current,
      receiptSigner,
      queue: { add: (_name, payload) => add(payload.runId) },
      log: { error: (entry: unknown) => onLogged(entry) },
      config: { storage: quotas },
    });
  return {
    ports: portsWithQueue(
      async (runId) => void queued.push(runId),
      (entry) => {
        throw new Error(`Logged as an error: ${JSON.stringify(entry)}`);
      },
    ),
    portsWithQueue,
    root,
    queued,
    jwks: { keys: [{ ...publicJwk, kid: await calculateJwkThumbprint(privateJwk) }] },
    setNow: (instant) => {
      current = instant;
    },
    storedFiles: () => listFiles(root),
    close: () => rm(root, { recursive: true, force: true }),
  };
}

/** Files below a folder, relative and sorted. */
export async function listFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** An upload in one piece per file. */
export async function* filesOf(...files: { name: string; bytes: Buffer }[]): AsyncIterable<IncomingFile> {
  for (const { name, bytes } of files) yield { name, stream: Readable.from([bytes]) };
}

/** An upload of one file that comes from this stream. */
export async function* filesOfStream(name: string, stream: Readable): AsyncIterable<IncomingFile> {
  yield { name, stream };
}

export function submitInput(fields: {
  userId: string;
  exerciseId: string;
  files: SubmitInput["files"];
  /** When the whole of it arrived, in no time. */
  receivedAt: Date;
  idempotencyKey?: string;
  announcedBytes?: number;
}): SubmitInput {
  const { receivedAt, ...input } = fields;
  return {
    idempotencyKey: null,
    announcedBytes: null,
    firstByteAt: receivedAt,
    lastByteAt: () => receivedAt,
    ...input,
  };
}

/** The run of what was accepted and is graded; throws for anything else. */
export function acceptedRun(outcome: SubmitOutcome): string {
  if (outcome.outcome !== "accepted" || outcome.runId === null) throw new Error(JSON.stringify(outcome));
  return outcome.runId;
}

/** A zip with these files. */
export async function zipOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), name, { mtime: new Date("2024-11-01T00:00:00Z") });
  }
  zip.end();
  return collect(zip.outputStream as Readable);
}

type TarHeader = Parameters<ReturnType<typeof pack>["entry"]>[0];

/** A tar with these headers and contents, however hostile. */
export async function tarOf(entries: (TarHeader & { text?: string })[]): Promise<Buffer> {
  const tar = pack();
  for (const { text, ...header } of entries) tar.entry(header, text ?? "");
  tar.finalize();
  return collect(Readable.from(tar));
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
