import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const openssl = promisify(execFile);

/** A private authority and a certificate of its own for these names and addresses (DNS:… or IP:…), as PEM. */
export async function makeCertificates(names: string[]): Promise<{ ca: string; cert: string; key: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "drydock-tls-"));
  const run = (...args: string[]) => openssl("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  try {
    await run(
      "req",
      "-x509",
      ...key,
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-days",
      "2",
      "-subj",
      "/CN=Drydock test",
    );
    await run("req", ...key, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=gateway");
    await writeFile(path.join(folder, "names"), `subjectAltName=${names.join(",")}\n`);
    await run(
      ...["x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
      ...["-days", "2", "-extfile", "names", "-out", "cert.pem"],
    );
    const read = (file: string) => readFile(path.join(folder, file), "utf8");
    return { ca: await read("ca.pem"), cert: await read("cert.pem"), key: await read("key.pem") };
  } finally {
    await rm(folder, { recursive: true });
  }
}
