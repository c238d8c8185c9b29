import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createReceiptSigner } from "#course/receipts/receipt-signer.ts";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { receiptKeys, revokeReceiptKey, rotateReceiptKey } from "./receipt-keys.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "drydock-keys-"));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

const site = async () => ({
  address: "http://127.0.0.1:3000",
  deployment: "local",
  installation: "ins_1",
});
const receivedAt = "2024-11-14T20:00:00.000Z";
const claims = {
  ...{ sub: "sub_1", sha256: "a".repeat(64), bytes: 1, fileName: "work.zip", exercise: "c/a/e" },
  ...{ receivedAt, firstByteAt: receivedAt, lastByteAt: receivedAt, dueAt: null, late: false },
  person: { id: "usr_1", email: "ada@example.edu" },
};
const later = new Date("2024-12-24T00:00:00Z");
const sign = () => createReceiptSigner(receiptKeys(dataDir).current, site).sign(claims);
const verify = async (jws: string) => verifyReceipt(jws, await receiptKeys(dataDir).published());

describe("the keys of receipts", () => {
  it("begin with one, kept for its owner alone, and the same ever after", async () => {
    const dir = path.join(dataDir, "new");
    const first = await receiptKeys(dir).current();
    expect((await stat(path.join(dir, "receipt-keys.json"))).mode & 0o777).toBe(0o600);
    expect(await receiptKeys(dir).current()).toEqual(first);
    expect(await readdir(dir)).toEqual(["receipt-keys.json"]);
  });

  it("are one when several processes start at once", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => receiptKeys(dataDir).current()));
    expect(new Set(all.map((key) => key.d)).size).toBe(1);
  });

  it("are published without a private part, and check what they signed", async () => {
    const jws = await sign();
    const { d } = await receiptKeys(dataDir).current();
    expect(JSON.stringify(await receiptKeys(dataDir).published())).not.toContain(d);
    expect(await verify(jws)).toMatchObject({ outcome: "valid" });
  });

  it("are never replaced when their file is damaged: earlier receipts depend on it", async () => {
    await writeFile(path.join(dataDir, "receipt-keys.json"), "{");
    await expect(receiptKeys(dataDir).current()).rejects.toMatchObject({ code: "receipt-key-damaged" });
    await expect(rotateReceiptKey(dataDir, () => later)).rejects.toMatchObject({
      code: "receipt-key-damaged",
    });
    expect(await readFile(path.join(dataDir, "receipt-keys.json"), "utf8")).toBe("{");
  });

  it("take over the one key that there was before, and leave no copy of it", async () => {
    const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    const { kty, crv, x, d } = await exportJWK(privateKey);
    await writeFile(path.join(dataDir, "receipt-key.json"), JSON.stringify({ kty, crv, x, d }));
    const all = await Promise.all(Array.from({ length: 5 }, () => receiptKeys(dataDir).current()));
    expect(new Set(all.map((key) => key.d))).toEqual(new Set([d]));
    expect(await readdir(dataDir)).toEqual(["receipt-keys.json"]);
  });
});

describe("a rotated key", () => {
  it("signs nothing more, is destroyed, and its receipts stay valid", async () => {
    const before = await sign();
    const { d: destroyed } = await receiptKeys(dataDir).current();
    const { retired, current } = await rotateReceiptKey(dataDir, () => later);
    const after = await sign();
    expect(await verify(before)).toMatchObject({ outcome: "valid", kid: retired });
    expect(await verify(after)).toMatchObject({ outcome: "valid", kid: current });
    expect(await readFile(path.join(dataDir, "receipt-keys.json"), "utf8")).not.toContain(destroyed);
    const published = await receiptKeys(dataDir).published();
    expect(published.keys.map((key) => [key.kid, key.retiredAt])).toEqual([
      [current, undefined],
      [retired, later.toISOString()],
    ]);
    expect((await stat(path.join(dataDir, "receipt-keys.json"))).mode & 0o777).toBe(0o600);
  });

  it("is retired once the new one signs: no receipt that is given meanwhile is dated after that", async () => {
    const signer = createReceiptSigner(receiptKeys(dataDir).current, site);
    const given: string[] = [];
    let rotating = true;
    const giving = (async () => {
      while (rotating) given.push(await signer.sign({ ...claims, receivedAt: new Date().toISOString() }));
    })();
    for (let i = 0; i < 20; i++) await rotateReceiptKey(dataDir, systemClock);
    rotating = false;
    await giving;
    const { keys } = await receiptKeys(dataDir).published();
    const late = given.filter((jws) => {
      const retiredAt = keys.find(({ kid }) => kid === decodeProtectedHeader(jws).kid)?.retiredAt;
      const { receivedAt } = decodeJwt<{ receivedAt: string }>(jws);
      return retiredAt !== undefined && receivedAt > retiredAt;
    });
    expect(given.length).toBeGreaterThan(20);
    expect(late).toEqual([]);
    for (const jws of given) expect(await verify(jws)).toMatchObject({ outcome: "valid" });
  });

  it("that leaked is revoked: what it signed is no proof any more, what others signed is", async () => {
    const first = await sign();
    const { retired } = await rotateReceiptKey(dataDir, () => later);
    const second = await sign();
    expect(await revokeReceiptKey(dataDir, retired, later)).toBe(true);
    expect(await verify(first)).toMatchObject({ outcome: "invalid", code: "revoked-key" });
    expect(await verify(second)).toMatchObject({ outcome: "valid" });
    expect(await revokeReceiptKey(dataDir, "no-such-key", later)).toBe(false);
  });

  it("is lost to no second rotation at the same time", async () => {
    await sign();
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => rotateReceiptKey(dataDir, () => later)));
    const done = outcomes.filter((one) => one.status === "fulfilled").length;
    const { keys } = await receiptKeys(dataDir).published();
    expect(done).toBeGreaterThan(0);
    expect(keys).toHaveLength(1 + done);
    expect(await readdir(dataDir)).toEqual(["receipt-keys.json"]);
  });
});
