import {
  constants,
  generateKeyPair,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  verify,
} from "node:crypto";
import { promisify } from "node:util";

/**
 * Blind signatures of RFC 9474, RSABSSA-SHA384-PSS-Randomized. What is blind is the browser's part; here RSA is raw, by
 * OpenSSL, in constant time.
 */

/** Bytes of the modulus: of a blinded message and of each signature. */
export const tokenBytes = 256;
/** Of a prepared message: 32 random ones before 32 random ones. */
export const messageBytes = 64;
const saltBytes = 48;

const makePair = promisify(generateKeyPair);

export const makeTokenKeys = (): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> =>
  makePair("rsa", { modulusLength: tokenBytes * 8, publicExponent: 0x10001 });

/**
 * The blind signature of a blinded message, or null when it is none for this key: of another length, or no number below
 * the modulus. The result is checked as the RFC asks: a faulty signature would give the key away.
 */
export function signBlinded(
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
  blinded: Uint8Array,
): Buffer | null {
  if (blinded.length !== tokenBytes || !isBelowModulus(publicKey, blinded)) return null;
  const padding = constants.RSA_NO_PADDING;
  const signature = privateDecrypt({ key: privateKey, padding }, blinded);
  if (!publicEncrypt({ key: publicKey, padding }, signature).equals(blinded)) {
    throw new Error("A blind signature came out wrong and was not given away.");
  }
  return signature;
}

function isBelowModulus(key: KeyObject, bytes: Uint8Array): boolean {
  const modulus = Buffer.from(key.export({ format: "jwk" }).n ?? "", "base64url");
  return Buffer.compare(bytes, modulus) < 0;
}

/** Whether the token was signed by this key, whoever asked for it. */
export function isToken(publicKey: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  if (message.length !== messageBytes || signature.length !== tokenBytes) return false;
  const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltBytes };
  return verify("sha384", message, key, signature);
}
