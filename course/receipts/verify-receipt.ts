import { base64url, compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from "jose";
import { sayInstant } from "../deadlines/say-instant.ts";
import { keyDates } from "./published-keys.ts";
import { type AnyReceiptClaims, anyReceiptClaims, receiptType } from "./receipt-claims.ts";

export type VerifyOutcome =
  | { outcome: "valid"; claims: AnyReceiptClaims; kid: string }
  /** message: one sentence that says what is wrong and what to do. */
  | { outcome: "invalid"; code: Exclude<InvalidReceipt, "file-differs">; message: string }
  /** Genuine, for other bytes than the file at hand: what it says holds. fileSha256: of that file, as it was given. */
  | {
      outcome: "invalid";
      code: "file-differs";
      message: string;
      claims: AnyReceiptClaims;
      kid: string;
      fileSha256: string;
    };

export type InvalidReceipt =
  | "not-a-receipt"
  | "unknown-key"
  | "wrong-algorithm"
  | "bad-signature"
  | "revoked-key"
  | "retired-key"
  | "file-differs";

/**
 * Checks a receipt against the published keys, without any server. With `fileSha256` (hex, of the file at hand) the
 * receipt must also be for exactly those bytes. Receipts do not expire, nor when their key is retired; those of a
 * revoked key prove nothing any more, since whoever has the key may write any instant into one.
 */
export async function verifyReceipt(
  jws: string,
  jwks: JSONWebKeySet,
  fileSha256?: string,
): Promise<VerifyOutcome> {
  const text = jws.trim();
  if (!isCanonical(text)) return notAReceipt;
  let verified: Awaited<ReturnType<typeof compactVerify>>;
  try {
    verified = await compactVerify(text, createLocalJWKSet(jwks), { algorithms: ["EdDSA"] });
  } catch (error) {
    return explain(error);
  }
  const claims = parseClaims(verified.payload);
  const { typ, kid } = verified.protectedHeader;
  if (typ !== receiptType || claims === null || kid === undefined) return notAReceipt;
  const doubt = doubtOfKey(jwks, kid, claims);
  if (doubt !== null) return doubt;
  if (fileSha256 !== undefined && fileSha256.toLowerCase() !== claims.sha256) {
    return {
      outcome: "invalid",
      code: "file-differs",
      message: `The receipt is genuine, but for other bytes: it names sha256 ${claims.sha256}, the file has ${fileSha256}. Compare with the file as it was uploaded.`,
      ...{ claims, kid, fileSha256 },
    };
  }
  return { outcome: "valid", claims, kid };
}

/** Reception and rotation are dated by clocks of their own, or by one that was set right in between. */
const clocksDifferMs = 10 * 60_000;

/** null when the key could sign this receipt and nobody else could. */
function doubtOfKey(jwks: JSONWebKeySet, kid: string, claims: AnyReceiptClaims): VerifyOutcome | null {
  const { retiredAt, revokedAt } = keyDates(jwks, kid);
  if (revokedAt !== undefined) {
    return {
      outcome: "invalid",
      code: "revoked-key",
      message: `The signature fits, but its key was revoked on ${inWords(revokedAt)} because others may have had it, so the text alone proves nothing: ask staff to compare it with the receipt that the site kept for submission ${showId(claims.sub)}.`,
    };
  }
  if (retiredAt !== undefined && Date.parse(claims.receivedAt) > Date.parse(retiredAt) + clocksDifferMs) {
    return {
      outcome: "invalid",
      code: "retired-key",
      message: `The receipt states a reception on ${inWords(claims.receivedAt)}, but nothing is signed with its key since ${inWords(retiredAt)}: either the site's clock was ahead when it was given, or somebody else has the key, so ask staff to compare it with the receipt that the site kept for submission ${showId(claims.sub)}.`,
    };
  }
  return null;
}

/** An instant of a sentence, whose reader may be anywhere. */
function inWords(iso: string): string {
  return sayInstant(new Date(iso), "UTC", { seconds: true });
}

/** An id of ours looks like this; whoever has a key may write anything in its place. */
const showId = (id: string) => (/^[\w-]{1,100}$/.test(id) ? id : "(unreadable)");

/** Base 64 leaves some bits of a last character unused; a receipt with those changed is not the one that was given. */
function isCanonical(jws: string): boolean {
  try {
    return jws.split(".").every((part) => base64url.encode(base64url.decode(part)) === part);
  } catch {
    return false;
  }
}

const notAReceipt: VerifyOutcome = {
  outcome: "invalid",
  code: "not-a-receipt",
  message:
    "This is not a Drydock receipt: it must be the whole text that the submission's page gave, three parts joined by dots.",
};

function explain(error: unknown): VerifyOutcome {
  if (error instanceof errors.JWKSNoMatchingKey) {
    return {
      outcome: "invalid",
      code: "unknown-key",
      message:
        "The receipt names a key that is not among the published ones: check it against the keys of the Drydock that gave it.",
    };
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return {
      outcome: "invalid",
      code: "wrong-algorithm",
      message: "The receipt is signed with another algorithm than EdDSA, which Drydock never does.",
    };
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return {
      outcome: "invalid",
      code: "bad-signature",
      message:
        "The signature does not fit the text: the receipt was changed after Drydock signed it, or was copied incompletely.",
    };
  }
  if (error instanceof errors.JOSEError || error instanceof TypeError) return notAReceipt;
  throw error;
}

function parseClaims(payload: Uint8Array): AnyReceiptClaims | null {
  try {
    return anyReceiptClaims.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return null;
  }
}
