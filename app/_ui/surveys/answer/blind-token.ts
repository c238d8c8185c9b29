import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { fromBase64, toHex } from "./bytes.ts";

/**
 * The browser's part of RFC 9474: a token that the server signs without seeing it. Needs the browser's own crypto, which
 * is there on https and on localhost alone; nothing takes its place.
 */

const suite = RSABSSA.SHA384.PSS.Randomized();

/** A key as the page brought it, and what the audit says is its sha256: another one may be one made for this reader. */
export interface TokenKey {
  id: string;
  /** base64 of the SPKI. */
  publicKey: string;
  /** hex */
  sha256: string;
}

export interface BlindToken {
  /** What will be handed in with the answers. */
  message: Uint8Array;
  /** What the server signs. */
  blinded: Uint8Array;
  /** By which the signature becomes one of the message. */
  inverse: Uint8Array;
}

export class OtherKey extends Error {}

/** Throws OtherKey when it is not the one of the audit. */
export async function importTokenKey({ publicKey, sha256 }: TokenKey): Promise<CryptoKey> {
  const spki = fromBase64(publicKey);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", spki));
  if (toHex(hash) !== sha256) throw new OtherKey();
  return crypto.subtle.importKey("spki", spki, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
}

export async function makeToken(key: CryptoKey): Promise<BlindToken> {
  const message = suite.prepare(crypto.getRandomValues(new Uint8Array(32)));
  const { blindedMsg: blinded, inv: inverse } = await suite.blind(key, message);
  return { message, blinded, inverse };
}

/** Throws when the server did not sign this very token by this very key. */
export const finishToken = (
  key: CryptoKey,
  token: BlindToken,
  blindSignature: Uint8Array,
): Promise<Uint8Array> => suite.finalize(key, token.message, blindSignature, token.inverse);
