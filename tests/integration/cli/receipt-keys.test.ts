import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { createReceiptSigner } from "#course/receipts/receipt-signer.ts";
import { receiptKeys } from "#infra/storage/receipt-keys.ts";
import { runCli, temporaryFolder } from "./run-cli.ts";

const receivedAt = "2024-11-21T20:15:00.000Z";
const claims = {
  ...{ sub: "sub_1", sha256: "a".repeat(64), bytes: 4, fileName: "work.zip", exercise: "c/a/e" },
  ...{ receivedAt, firstByteAt: receivedAt, lastByteAt: receivedAt, dueAt: null, late: false },
  person: { id: "usr_1", email: "ada@example.edu" },
};

test("drydock receipt rotate and revoke: what verify says of receipts before and after", async () => {
  const dir = await temporaryFolder();
  const env = { DRYDOCK_DATA_DIR: dir };
  const keys = receiptKeys(dir);
  const signer = createReceiptSigner(keys.current, async () => ({
    address: "http://127.0.0.1:3000",
    deployment: "local",
    installation: "ins_1",
  }));
  const verify = async (jws: string) => {
    const [receipt, published] = [path.join(dir, "receipt.jws"), path.join(dir, "jwks.json")];
    await writeFile(receipt, jws);
    await writeFile(published, JSON.stringify(await keys.published()));
    const { code, stdout } = await runCli(["receipt", "verify", receipt, "--keys", published], { env });
    return { code, said: stdout };
  };

  const first = await signer.sign(claims);
  const rotated = await runCli(["receipt", "rotate"], { env });
  expect(rotated.code).toBe(0);
  const retired = /drydock receipt revoke (\S+)/.exec(rotated.stdout)?.[1] ?? "";
  const second = await signer.sign(claims);
  expect(await verify(first)).toMatchObject({ code: 0 });
  expect(await verify(second)).toMatchObject({ code: 0 });

  expect((await runCli(["receipt", "revoke", retired], { env })).code).toBe(0);
  const doubted = await verify(first);
  expect(doubted.code).toBe(1);
  expect(doubted.said).toContain("its key was revoked on");
  expect(await verify(second)).toMatchObject({ code: 0 });

  const unknown = await runCli(["receipt", "revoke", "no-such-key"], { env });
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("There is no key no-such-key; the keys are ");

  // The current one is not left without a successor.
  const current = (await keys.published()).keys[0]?.kid ?? "";
  expect((await runCli(["receipt", "revoke", current], { env })).code).toBe(0);
  expect(await verify(second)).toMatchObject({ code: 1 });
  expect(await verify(await signer.sign(claims))).toMatchObject({ code: 0 });
});
