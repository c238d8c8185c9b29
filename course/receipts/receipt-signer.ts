import { CompactSign, calculateJwkThumbprint, importJWK, type JWK } from "jose";
import { type ReceiptClaims, receiptClaims, receiptIssuer, receiptType } from "./receipt-claims.ts";

export interface ReceiptSigner {
  /** A compact JWS. The same claims and key give the same text: Ed25519 has no random part. */
  sign(claims: Omit<ReceiptClaims, "iss" | "version" | "site">): Promise<string>;
}

/**
 * Signs with the Ed25519 private key that is current at each receipt; the key's thumbprint (RFC 7638) tells
 * verifiers which one it was.
 */
export function createReceiptSigner(
  currentKey: () => Promise<JWK>,
  ownSite: () => Promise<ReceiptClaims["site"]>,
): ReceiptSigner {
  return {
    sign: async (claims) => {
      const [jwk, site] = await Promise.all([currentKey(), ownSite()]);
      const stated = receiptClaims.parse({ iss: receiptIssuer, version: 2, site, ...claims });
      return new CompactSign(new TextEncoder().encode(JSON.stringify(stated)))
        .setProtectedHeader({ alg: "EdDSA", typ: receiptType, kid: await calculateJwkThumbprint(jwk) })
        .sign(await importJWK(jwk, "EdDSA"));
    },
  };
}
