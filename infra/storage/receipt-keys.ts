import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from "jose";
import { z } from "zod";
import { AppError } from "#course/errors.ts";

export interface ReceiptKeys {
  privateJwk: JWK;
  /** What /.well-known/jwks.json publishes; no private part. */
  publicJwks: JSONWebKeySet;
}

const keyFile = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().min(1),
  d: z.string().min(1),
});

/**
 * The Ed25519 key that signs receipts, made at the first start and kept in `<dataDir>/receipt-key.json` (0600).
 * Losing it makes old receipts uncheckable, so a damaged file is an error, never a reason for a new key.
 */
export async function loadReceiptKeys(dataDir: string): Promise<ReceiptKeys> {
  const file = path.join(dataDir, "receipt-key.json");
  const privateJwk = (await readKey(file)) ?? (await makeKey(file));
  const kid = await calculateJwkThumbprint(privateJwk);
  const { kty, crv, x } = privateJwk;
  return { privateJwk, publicJwks: { keys: [{ kty, crv, x, kid, alg: "EdDSA", use: "sig" }] } };
}

async function readKey(file: string): Promise<z.infer<typeof keyFile> | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return keyFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError({
      code: "receipt-key-damaged",
      userMessage: `${file} holds no Ed25519 key: restore it from a backup, since receipts given so far are checked with it.`,
      cause,
    });
  }
}

/** Two processes may start at once: the first to link its key into place wins, and both use that one. */
async function makeKey(file: string): Promise<z.infer<typeof keyFile>> {
  await mkdir(path.dirname(file), { recursive: true });
  const pair = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { kty, crv, x, d } = await exportJWK(pair.privateKey);
  const temporary = `${file}.${randomUUID()}`;
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(JSON.stringify({ kty, crv, x, d }));
    await handle.sync();
    await handle.close();
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  const kept = await readKey(file);
  if (kept === null) throw new Error(`${file} vanished while it was being made.`);
  return kept;
}
