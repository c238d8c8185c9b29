import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { describe, expect, it, onTestFinished } from "vitest";
import { createReceiptSigner } from "#course/receipts/receipt-signer.ts";
import { runCli, temporaryFolder } from "./run-cli.ts";

const handedIn = "the very bytes";

/** A receipt for `handedIn`, the published keys and the bytes, each in a file. */
async function makeReceipt() {
  const dir = await temporaryFolder();
  const pair = await generateKeyPair("EdDSA", { extractable: true });
  const privateJwk = await exportJWK(pair.privateKey);
  const signer = createReceiptSigner(
    async () => privateJwk,
    async () => ({
      address: "https://drydock.example.edu",
      deployment: "fall-2024",
      installation: "ins_1",
    }),
  );
  const jws = await signer.sign({
    sub: "sub_1",
    sha256: createHash("sha256").update(handedIn).digest("hex"),
    bytes: handedIn.length,
    fileName: "work\u001b[31m.zip",
    exercise: "tcss562-f2024/tutorial-7/docker-containers",
    receivedAt: "2024-11-21T20:15:00.000Z",
    dueAt: "2024-11-23T12:00:00.000Z",
    late: false,
    person: { id: "usr_1", email: "ada@example.edu" },
    firstByteAt: "2024-11-21T20:15:00.000Z",
    lastByteAt: "2024-11-21T20:15:02.000Z",
  });
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const jwks = JSON.stringify({ keys: [{ ...publicJwk, kid, alg: "EdDSA", use: "sig" }] });
  const file = async (name: string, text: string) => {
    await writeFile(path.join(dir, name), text);
    return path.join(dir, name);
  };
  return {
    jws,
    jwks,
    file,
    receipt: await file("receipt.jws", `${jws}\n`),
    keys: await file("jwks.json", jwks),
    work: await file("work.zip", handedIn),
  };
}

describe("drydock receipt verify", () => {
  it("says that a genuine receipt is valid, what it is for and when it came", async () => {
    const { receipt, keys } = await makeReceipt();
    const verified = await runCli(["receipt", "verify", receipt, "--keys", keys]);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(/^valid /);
    expect(verified.stdout).toContain("tcss562-f2024/tutorial-7/docker-containers");
    expect(verified.stdout).toContain("ada@example.edu (usr_1)");
    expect(verified.stdout).toContain("https://drydock.example.edu (fall-2024, ins_1)");
    expect(verified.stdout).toContain("2024-11-21T20:15:00.000Z (due 2024-11-23T12:00:00.000Z, on time)");
  });

  it("shows a file name with escape sequences harmlessly", async () => {
    const { receipt, keys } = await makeReceipt();
    const verified = await runCli(["receipt", "verify", receipt, "--keys", keys]);
    expect(verified.stdout).toContain("work.zip");
    expect(verified.stdout).not.toContain("\u001b");
  });

  it("names the address whose keys it asked for, where that has others: another program may listen there", async () => {
    const [{ receipt }, other] = [await makeReceipt(), await makeReceipt()];
    const server = createServer((_request, response) => response.end(other.jwks)).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const verified = await runCli(["receipt", "verify", receipt], { env: { DRYDOCK_BASE_URL: address } });
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain(`The keys are those of ${address}/.well-known/jwks.json.`);
    expect(verified.stdout).toContain("--keys");
    // Whoever named the keys is told as well.
    const named = await runCli(["receipt", "verify", receipt, "--keys", other.keys]);
    expect(named.stdout).toContain(`The keys are those of ${other.keys}.`);
  });

  it("proves that a file is the one received, byte for byte", async () => {
    const { receipt, keys, work } = await makeReceipt();
    const verified = await runCli(["receipt", "verify", receipt, "--keys", keys, "--submission", work]);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain("byte for byte");
  });

  it("ends with 1 when the file is another", async () => {
    const { receipt, keys, file } = await makeReceipt();
    const other = await file("other.zip", `${handedIn}.`);
    const verified = await runCli(["receipt", "verify", receipt, "--keys", keys, "--submission", other]);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/^invalid .*other bytes/);
  });

  it("ends with 1 when one character of the receipt was changed", async () => {
    const { jws, keys, file } = await makeReceipt();
    const [header = "", payload = "", signature = ""] = jws.split(".");
    const claims = Buffer.from(payload, "base64url").toString().replace('"late":false', '"late":true ');
    const forged = [header, Buffer.from(claims).toString("base64url"), signature].join(".");
    const verified = await runCli(["receipt", "verify", await file("forged.jws", forged), "--keys", keys]);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/^invalid /);
  });

  it("ends with 1 when the key is not among the published ones", async () => {
    const mine = await makeReceipt();
    const theirs = await makeReceipt();
    const verified = await runCli(["receipt", "verify", mine.receipt, "--keys", theirs.keys]);
    expect(verified.code).toBe(1);
  });

  it("takes the JSON that the API answered", async () => {
    const { jws, keys, file } = await makeReceipt();
    const answer = await file(
      "answer.json",
      JSON.stringify({ submission: { id: "sub_1" }, receipt: { jws } }),
    );
    expect((await runCli(["receipt", "verify", answer, "--keys", keys])).code).toBe(0);
  });

  it("fetches the published keys from an address", async () => {
    const { receipt, jwks } = await makeReceipt();
    const server = createServer((_, response) => response.end(jwks));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`;
    expect((await runCli(["receipt", "verify", receipt, "--keys", url])).code).toBe(0);
  });

  it("ends with 2 when it cannot tell: no receipt, no keys", async () => {
    const { receipt, keys, work } = await makeReceipt();
    const missing = await runCli(["receipt", "verify", "/no/such/receipt", "--keys", keys]);
    expect(missing).toMatchObject({ code: 2, stdout: "" });
    expect(missing.stderr).toContain("There is no file /no/such/receipt.");
    const noKeys = await runCli(["receipt", "verify", receipt, "--keys", work]);
    expect(noKeys).toMatchObject({ code: 2, stdout: "" });
    expect(noKeys.stderr).toContain("holds no published keys");
  });
});
