import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { z } from "zod";
import type { Clock } from "#course/clock.ts";
import { AppError } from "#course/errors.ts";
import type { PublishedKey } from "#course/receipts/published-keys.ts";

const publicPart = { kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().min(1) };
const privateKey = z.object({ ...publicPart, d: z.string().min(1) });
const retiredKey = z.object({
  ...publicPart,
  retiredAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().optional(),
});

/** `<dataDir>/receipt-keys.json`. Of a retired key nothing is kept that could sign. */
const keyFile = z.object({ version: z.literal(1), current: privateKey, retired: z.array(retiredKey) });
type KeyFile = z.infer<typeof keyFile>;

export interface ReceiptKeys {
  current(): Promise<JWK>;
  /** What /.well-known/jwks.json publishes: the current key, then the retired ones, no private part. */
  published(): Promise<{ keys: PublishedKey[] }>;
}

/**
 * The Ed25519 keys of receipts, made at the first start and kept in the data folder (0600). Read anew each time, so
 * that a rotation holds at once in every process. Losing them makes old receipts uncheckable, so a damaged file is
 * an error, never a reason for a new key.
 */
export function receiptKeys(dataDir: string): ReceiptKeys {
  return {
    current: async () => (await load(dataDir)).current,
    published: async () => {
      const { current, retired } = await load(dataDir);
      return { keys: await Promise.all([publish(current), ...retired.map(publish)]) };
    },
  };
}

async function publish(key: z.infer<typeof privateKey> | z.infer<typeof retiredKey>): Promise<PublishedKey> {
  const { kty, crv, x } = key;
  const kid = await calculateJwkThumbprint(key);
  const dates = "retiredAt" in key ? { retiredAt: key.retiredAt } : {};
  const revoked = "revokedAt" in key && key.revokedAt ? { revokedAt: key.revokedAt } : {};
  return { kty, crv, x, kid, alg: "EdDSA", use: "sig", ...dates, ...revoked };
}

/** What is written before the moment is known; as long as a power cut between leaves it so, it refuses nothing. */
const aheadMs = 60_000;

/** Makes a new current key; the old one is retired, and its private part destroyed. Gives the ids of both. */
export function rotateReceiptKey(
  dataDir: string,
  clock: Clock,
): Promise<{ retired: string; current: string }> {
  return change(dataDir, async (keys, replace) => {
    const { kty, crv, x } = keys.current;
    const current = await newKey();
    const retire = (retiredAt: Date) =>
      replace({
        ...keys,
        current,
        retired: [{ kty, crv, x, retiredAt: retiredAt.toISOString() }, ...keys.retired],
      });
    await retire(new Date(clock().getTime() + aheadMs));
    // Receipts were signed with it until the file was in place, so it is retired only now.
    await retire(clock());
    return {
      retired: await calculateJwkThumbprint(keys.current),
      current: await calculateJwkThumbprint(current),
    };
  });
}

/** Says of a retired key that others may have had it; false when no retired key has this id. */
export function revokeReceiptKey(dataDir: string, kid: string, now: Date): Promise<boolean> {
  return change(dataDir, async (keys, replace) => {
    const kids = await Promise.all(keys.retired.map((key) => calculateJwkThumbprint(key)));
    const retired = keys.retired.map((key, i) =>
      kids[i] === kid ? { ...key, revokedAt: key.revokedAt ?? now.toISOString() } : key,
    );
    await replace({ ...keys, retired });
    return kids.includes(kid);
  });
}

/** Two changes at once would lose a key that signed, so the second is refused. */
async function change<T>(
  dataDir: string,
  work: (keys: KeyFile, replace: (keys: KeyFile) => Promise<void>) => Promise<T>,
): Promise<T> {
  await mkdir(dataDir, { recursive: true });
  const lock = path.join(dataDir, "receipt-keys.lock");
  const held = await open(lock, "wx").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw cause;
    throw new AppError({
      code: "receipt-keys-locked",
      userMessage: `Another command changes the keys of receipts at this moment; if none does, it ended half way: remove ${lock} and try again.`,
      cause,
    });
  });
  try {
    return await work(await load(dataDir), async (keys) => {
      const temporary = await writeWhole(dataDir, keys);
      await rename(temporary, fileIn(dataDir));
    });
  } finally {
    await held.close();
    await rm(lock, { force: true });
  }
}

const fileIn = (dataDir: string) => path.join(dataDir, "receipt-keys.json");
/** Where the one key was before there could be several. */
const oldFileIn = (dataDir: string) => path.join(dataDir, "receipt-key.json");

async function load(dataDir: string): Promise<KeyFile> {
  const kept = await read(fileIn(dataDir), keyFile);
  if (kept !== null) return kept;
  const current = (await read(oldFileIn(dataDir), privateKey)) ?? (await newKey());
  return makeFile(dataDir, { version: 1, current, retired: [] });
}

async function read<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError({
      code: "receipt-key-damaged",
      userMessage: `${file} holds no Ed25519 key: restore it from a backup, since receipts given so far are checked with it.`,
      cause,
    });
  }
}

async function newKey(): Promise<z.infer<typeof privateKey>> {
  const pair = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  return privateKey.parse(await exportJWK(pair.privateKey));
}

/** Two processes may start at once: the first to link its keys into place wins, and both use those. */
async function makeFile(dataDir: string, keys: KeyFile): Promise<KeyFile> {
  await mkdir(dataDir, { recursive: true });
  const temporary = await writeWhole(dataDir, keys);
  try {
    await link(temporary, fileIn(dataDir)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  const kept = await read(fileIn(dataDir), keyFile);
  if (kept === null) throw new Error(`${fileIn(dataDir)} vanished while it was being made.`);
  // A copy of a key that is to be destroyed one day must not stay behind.
  await rm(oldFileIn(dataDir), { force: true });
  return kept;
}

async function writeWhole(dataDir: string, keys: KeyFile): Promise<string> {
  const temporary = `${fileIn(dataDir)}.${randomUUID()}`;
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(JSON.stringify(keys));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}
