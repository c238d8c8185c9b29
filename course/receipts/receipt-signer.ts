import { CompactSign, calculateJwkThumbprint, importJWK, type JWK } from "jose";
import { type ReceiptClaims, receiptClaims, receiptIssuer, receiptType } from "./receipt-claims.ts";

export interface ReceiptSigner {
  /** A compact JWS. The same claims give the same text: Ed25519 has no random part. */
  sign(claims: Omit<ReceiptClaims, "iss">): Promise<string>;
}

/** Signs with an Ed25519 private key; the key's thumbprint (RFC 7638) tells verifiers which one it was. */
export async function createReceiptSigner(privateJwk: JWK): Promise<ReceiptSigner> {
  const key = await importJWK(privateJwk, "EdDSA");
  const kid = await calculateJwkThumbprint(privateJwk);
  return {
    sign: async (claims) => {
      const payload = JSON.stringify(receiptClaims.parse({ iss: receiptIssuer, ...claims }));
      return new CompactSign(new TextEncoder().encode(payload))
        .setProtectedHeader({ alg: "EdDSA", typ: receiptType, kid })
        .sign(key);
    },
  };
}
