import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createReceiptSigner } from "#course/receipts/receipt-signer.ts";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { loadReceiptKeys } from "./receipt-keys.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "drydock-keys-"));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

const claims = {
  ...{ sub: "sub_1", sha256: "a".repeat(64), bytes: 1, fileName: "work.zip", exercise: "c/a/e" },
  ...{ receivedAt: "2024-11-14T20:00:00.000Z", dueAt: null, late: false },
};

describe("the key of receipts", () => {
  it("is made once, kept for its owner alone, and the same ever after", async () => {
    const first = await loadReceiptKeys(path.join(dataDir, "new"));
    const file = path.join(dataDir, "new", "receipt-key.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await loadReceiptKeys(path.join(dataDir, "new"))).toEqual(first);
    expect(await readdir(path.join(dataDir, "new"))).toEqual(["receipt-key.json"]);
  });

  it("is one when several processes start at once", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => loadReceiptKeys(dataDir)));
    expect(new Set(all.map((keys) => keys.privateJwk.d)).size).toBe(1);
  });

  it("is published without its private part, and checks what it signed", async () => {
    const { privateJwk, publicJwks } = await loadReceiptKeys(dataDir);
    expect(JSON.stringify(publicJwks)).not.toContain(privateJwk.d);
    const jws = await (await createReceiptSigner(privateJwk)).sign(claims);
    expect(await verifyReceipt(jws, publicJwks)).toMatchObject({ outcome: "valid" });
  });

  it("is never replaced when its file is damaged: earlier receipts depend on it", async () => {
    await writeFile(path.join(dataDir, "receipt-key.json"), "{");
    await expect(loadReceiptKeys(dataDir)).rejects.toMatchObject({ code: "receipt-key-damaged" });
  });
});
