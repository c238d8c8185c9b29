import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";

/**
 * Answers that wait are sealed for a key that is destroyed as they are written: whoever keeps the database's log learns
 * when something came, and can never read what it was. X25519, HKDF and AES-256-GCM; a fresh key for each.
 */

/** All are as long: the length of a text would be a name. */
const paddedBytes = 16_384;
const rawBytes = 32;
const tagBytes = 16;
const prefix = Buffer.from("302a300506032b656e032100", "hex");

export const makeSealingKeys = () => generateKeyPairSync("x25519");

/** null: it is too long to be sealed. */
export function seal(key: KeyObject, text: string): Buffer<ArrayBuffer> | null {
  const bytes = Buffer.from(text);
  if (bytes.length + 4 > paddedBytes) return null;
  const padded = Buffer.alloc(paddedBytes);
  padded.writeUInt32BE(bytes.length);
  bytes.copy(padded, 4);
  const fresh = makeSealingKeys();
  const raw = rawOf(fresh.publicKey);
  const { secret, iv } = derive(fresh.privateKey, key, raw);
  const cipher = createCipheriv("aes-256-gcm", secret, iv);
  return Buffer.concat([raw, cipher.update(padded), cipher.final(), cipher.getAuthTag()]);
}

/** Throws where it was sealed for another key, or changed. */
export function unseal(key: KeyObject, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const raw = bytes.subarray(0, rawBytes);
  const fresh = createPublicKey({ key: Buffer.concat([prefix, raw]), format: "der", type: "spki" });
  const { secret, iv } = derive(key, fresh, raw);
  const decipher = createDecipheriv("aes-256-gcm", secret, iv);
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const padded = Buffer.concat([decipher.update(bytes.subarray(rawBytes, -tagBytes)), decipher.final()]);
  return padded.subarray(4, 4 + padded.readUInt32BE()).toString();
}

const rawOf = (key: KeyObject) => key.export({ format: "der", type: "spki" }).subarray(prefix.length);

function derive(privateKey: KeyObject, publicKey: KeyObject, salt: Buffer) {
  const shared = diffieHellman({ privateKey, publicKey });
  const bytes = Buffer.from(hkdfSync("sha256", shared, salt, "drydock survey answers", 44));
  return { secret: bytes.subarray(0, 32), iv: bytes.subarray(32) };
}
