import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { exportJWK, generateKeyPair } from "jose";
import { pack } from "tar-stream";
import { ZipFile } from "yazl";
import { createReceiptSigner } from "#course/receipts/receipt-signer.ts";
import type { SubmitPorts } from "#grading/submissions/ports.ts";
import type { IncomingFile, SubmitInput } from "#grading/submissions/submission-types.ts";
import { createSubmitPorts } from "#infra/db/submission-store.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import type { TestDatabase } from "./database.ts";

export interface SubmitFixture {
  ports: SubmitPorts;
  /** Folder of the file store. */
  root: string;
  /** Ids of the runs that were handed to the queue. */
  queued: string[];
  setNow(now: Date): void;
  /** Every file below the store, as paths relative to it. */
  storedFiles(): Promise<string[]>;
  close(): Promise<void>;
}

/** submitWork's real ports, with a queue that only remembers. */
export async function startSubmitFixture(database: TestDatabase, now: Date): Promise<SubmitFixture> {
  const root = await mkdtemp(path.join(tmpdir(), "drydock-store-"));
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  let current = now;
  const queued: string[] = [];
  const ports = createSubmitPorts({
    db: database.db,
    files: createDiskStore(root),
    clock: () => current,
    receiptSigner: await createReceiptSigner(await exportJWK(privateKey)),
    queue: { add: async (_name, payload) => void queued.push(payload.runId) },
    log: {
      error: (...args: unknown[]) => {
        throw new Error(`Logged as an error: ${JSON.stringify(args)}`);
      },
    },
  });
  return {
    ports,
    root,
    queued,
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

export function submitInput(fields: {
  userId: string;
  exerciseId: string;
  files: SubmitInput["files"];
  receivedAt: Date;
  idempotencyKey?: string;
}): SubmitInput {
  return { idempotencyKey: null, ...fields };
}

/** A zip with these files. */
export async function zipOf(files: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(text), name, { mtime: new Date("2024-11-01T00:00:00Z") });
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
