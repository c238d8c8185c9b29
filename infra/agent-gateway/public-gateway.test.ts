import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPublicGateway } from "./public-gateway.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-public-"));
});
afterEach(() => rm(folder, { recursive: true }));
const base = { host: "0.0.0.0", port: 8443, url: "https://gateway.example.edu" };

test("behind a load balancer it is plain, and machines call the address that is set", async () => {
  const gateway = await readPublicGateway({ ...base, tls: null, caFile: null });
  expect(gateway).toMatchObject({ listen: { host: "0.0.0.0", port: 8443 }, ca: null });
  expect(gateway.listen).not.toHaveProperty("tls");
  expect(gateway.addressInMachine()).toBe("https://gateway.example.edu");
});

test("with a certificate of its own it holds what is in the files", async () => {
  const [certFile, keyFile, caFile] = ["cert", "key", "ca"].map((name) => path.join(folder, name));
  if (!certFile || !keyFile || !caFile) throw new Error("Three files are needed.");
  for (const file of [certFile, keyFile, caFile]) await writeFile(file, path.basename(file));
  const gateway = await readPublicGateway({ ...base, tls: { certFile, keyFile }, caFile });
  expect(gateway).toMatchObject({ listen: { tls: { cert: "cert", key: "key" } }, ca: "ca" });
  await rm(keyFile);
  await expect(readPublicGateway({ ...base, tls: { certFile, keyFile }, caFile })).rejects.toThrow(keyFile);
});
