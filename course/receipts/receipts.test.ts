import { createHash, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createReceiptSigner, type ReceiptSigner } from "./receipt-signer.ts";
import { verifyReceipt } from "./verify-receipt.ts";

const bytes = Buffer.from("the archive as uploaded");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const claims = {
  sub: "sub_01jd0000000000000000000000",
  sha256,
  bytes: bytes.length,
  fileName: "work – final (2).zip",
  exercise: "tcss562-f2024/tutorial-7/docker-containers",
  receivedAt: "2024-11-15T11:59:59.999Z",
  dueAt: "2024-11-15T12:00:00.000Z",
  late: false,
  person: { id: "usr_01jd0000000000000000000000", email: "ada@example.edu" },
  firstByteAt: "2024-11-15T11:59:59.999Z",
  lastByteAt: "2024-11-15T12:00:03.000Z",
};
const site = { address: "https://drydock.example.edu", deployment: "fall-2024", installation: "ins_1" };
const ownSite = async () => site;
/** As signed. */
const asSigned = { iss: "drydock", version: 2, site, ...claims };

let privateJwk: JWK;
let jwks: { keys: JWK[] };
let signer: ReceiptSigner;
let jws: string;

async function newKey() {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const made = await exportJWK(privateKey);
  const { d: _secret, ...publicPart } = made;
  return {
    privateJwk: made,
    publicJwk: { ...publicPart, kid: await calculateJwkThumbprint(made), alg: "EdDSA" },
  };
}

beforeAll(async () => {
  const key = await newKey();
  privateJwk = key.privateJwk;
  jwks = { keys: [(await newKey()).publicJwk, key.publicJwk] };
  signer = createReceiptSigner(async () => privateJwk, ownSite);
  jws = await signer.sign(claims);
});

/** A JWS of this key with any header and payload, as only somebody with the key could make it. */
async function forge(
  header: { alg: string; typ?: string; kid?: string },
  payload: unknown,
  jwk: JWK = privateJwk,
) {
  const key = await importJWK(jwk, header.alg);
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader(header)
    .sign(key);
}

describe("a receipt", () => {
  it("is valid with the published keys, says all it was given, and never expires", async () => {
    const checked = await verifyReceipt(`  ${jws}\n`, jwks, sha256.toUpperCase());
    expect(checked).toEqual({
      outcome: "valid",
      claims: asSigned,
      kid: await calculateJwkThumbprint(privateJwk),
    });
    expect(checked.outcome === "valid" && "exp" in checked.claims).toBe(false);
  });

  it("is the same text for the same claims", async () => {
    expect(await signer.sign(claims)).toBe(jws);
  });

  it("is invalid with any character changed, wherever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 63 }), async (position, shift) => {
        const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const index = position % jws.length;
        const old = alphabet.indexOf(jws.charAt(index));
        const changed = old < 0 ? "A" : alphabet.charAt((old + shift) % 64);
        const text = jws.slice(0, index) + changed + jws.slice(index + 1);
        expect((await verifyReceipt(text, jwks)).outcome).toBe("invalid");
      }),
      { numRuns: 500 },
    );
  });

  it("is invalid with any other last character, also one that decodes to the same bytes", async () => {
    for (const last of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
      if (jws.endsWith(last)) continue;
      expect((await verifyReceipt(jws.slice(0, -1) + last, jwks)).outcome).toBe("invalid");
    }
  });

  it("is invalid for every other claim under its old signature", async () => {
    const [header = "", , signature = ""] = jws.split(".");
    const change = fc.constantFrom(
      { late: true },
      { dueAt: null },
      { receivedAt: "2024-11-15T11:59:59.998Z" },
      { sub: "sub_02" },
      { sha256: "0".repeat(64) },
      { bytes: 1 },
      { person: { id: "usr_2", email: "bob@example.edu" } },
      { site: { ...site, deployment: "spring-2025" } },
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        const payload = Buffer.from(JSON.stringify({ ...asSigned, ...changed })).toString("base64url");
        const checked = await verifyReceipt([header, payload, signature].join("."), jwks);
        expect(checked).toMatchObject({ outcome: "invalid", code: "bad-signature" });
      }),
    );
  });

  it("is for one file only: any changed byte of it is noticed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (index, xor) => {
        const other = Buffer.from(bytes);
        other[index] = (other[index] ?? 0) ^ xor;
        const hash = createHash("sha256").update(other).digest("hex");
        expect(await verifyReceipt(jws, jwks, hash)).toMatchObject({
          outcome: "invalid",
          code: "file-differs",
        });
      }),
    );
  });

  it("of an unknown key is invalid, and so is one whose header names no key of ours", async () => {
    const other = await newKey();
    const foreign = await createReceiptSigner(async () => other.privateJwk, ownSite).sign(claims);
    expect(await verifyReceipt(foreign, jwks)).toMatchObject({ outcome: "invalid", code: "unknown-key" });
    const kid = await calculateJwkThumbprint(privateJwk);
    const borrowed = await forge(
      { alg: "EdDSA", typ: "drydock-receipt+jwt", kid },
      asSigned,
      other.privateJwk,
    );
    expect(await verifyReceipt(borrowed, jwks)).toMatchObject({ outcome: "invalid", code: "bad-signature" });
  });

  it("with another algorithm, with none, or with the public key as a shared secret is invalid", async () => {
    const kid = await calculateJwkThumbprint(privateJwk);
    const payload = asSigned;
    const secret = { kty: "oct", k: privateJwk.x as string };
    const shared = await forge({ alg: "HS256", typ: "drydock-receipt+jwt", kid }, payload, secret);
    expect(await verifyReceipt(shared, jwks)).toMatchObject({ outcome: "invalid", code: "wrong-algorithm" });
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
      format: "jwk",
    }) as JWK;
    const signed = await forge({ alg: "RS256", kid }, payload, rsa);
    expect(await verifyReceipt(signed, jwks)).toMatchObject({ outcome: "invalid", code: "wrong-algorithm" });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const none = `${part({ alg: "none", kid })}.${part(payload)}.`;
    expect((await verifyReceipt(none, jwks)).outcome).toBe("invalid");
  });

  it("signed by the right key is still none when it is another kind of text", async () => {
    const kid = await calculateJwkThumbprint(privateJwk);
    const payload = asSigned;
    for (const text of [
      await forge({ alg: "EdDSA", typ: "JWT", kid }, payload),
      await forge({ alg: "EdDSA", typ: "drydock-receipt+jwt", kid }, { ...payload, iss: "elsewhere" }),
      await forge({ alg: "EdDSA", typ: "drydock-receipt+jwt", kid }, { ...payload, extra: 1 }),
    ]) {
      expect(await verifyReceipt(text, jwks)).toMatchObject({ outcome: "invalid", code: "not-a-receipt" });
    }
  });

  it("is nothing that random text can be", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await verifyReceipt(text, jwks)).toMatchObject({ outcome: "invalid", code: "not-a-receipt" });
      }),
    );
  });

  it("of the first version, which names neither person nor site, is valid for ever", async () => {
    const kid = await calculateJwkThumbprint(privateJwk);
    const { person: _p, firstByteAt: _f, lastByteAt: _l, ...first } = claims;
    const old = { iss: "drydock", ...first };
    const text = await forge({ alg: "EdDSA", typ: "drydock-receipt+jwt", kid }, old);
    expect(await verifyReceipt(text, jwks, sha256)).toEqual({ outcome: "valid", claims: old, kid });
  });

  it("without its person, its site or its version is none", async () => {
    const kid = await calculateJwkThumbprint(privateJwk);
    const { person: _p, ...nobodys } = asSigned;
    const { site: _s, ...nowhere } = asSigned;
    const { version: _v, ...unversioned } = asSigned;
    for (const payload of [nobodys, nowhere, unversioned, { ...asSigned, version: 3 }]) {
      const text = await forge({ alg: "EdDSA", typ: "drydock-receipt+jwt", kid }, payload);
      expect(await verifyReceipt(text, jwks)).toMatchObject({ outcome: "invalid", code: "not-a-receipt" });
    }
  });

  it("stays valid when its key is retired, but states no reception after that", async () => {
    const retired = (retiredAt: string) => ({
      keys: jwks.keys.map((key) => ({ ...key, retiredAt })),
    });
    expect(await verifyReceipt(jws, retired("2024-12-24T00:00:00.000Z"))).toMatchObject({ outcome: "valid" });
    // Some minutes are the clocks'.
    expect(await verifyReceipt(jws, retired("2024-11-15T11:50:00.000Z"))).toMatchObject({ outcome: "valid" });
    const late = await verifyReceipt(jws, retired("2024-11-15T11:49:59.998Z"));
    expect(late).toMatchObject({ outcome: "invalid", code: "retired-key" });
    expect(late.outcome === "invalid" && late.message).toMatch(
      /the site's clock was ahead .* or somebody else has the key, so ask staff to compare/,
    );
  });

  it("of a revoked key proves nothing by itself, whatever instant it states", async () => {
    const revoked = {
      keys: jwks.keys.map((key) => ({
        ...key,
        retiredAt: "2025-01-01T00:00:00.000Z",
        revokedAt: "2025-01-01T00:00:00.000Z",
      })),
    };
    const checked = await verifyReceipt(jws, revoked);
    expect(checked).toMatchObject({ outcome: "invalid", code: "revoked-key" });
    expect(checked.outcome === "invalid" && checked.message).toContain("ask staff to compare");
    expect(checked.outcome === "invalid" && checked.message).toContain(
      "revoked on Wed, Jan 1, 2025, 12:00:00 AM UTC",
    );
  });

  it("is refused a signature when its claims make no sense", async () => {
    await expect(signer.sign({ ...claims, sha256: "abc" })).rejects.toThrow();
  });
});
