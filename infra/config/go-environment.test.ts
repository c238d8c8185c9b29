import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { goEnvironment, trustedCertificates } from "./go-environment.ts";

it("a Go in a container asks the proxies that this computer's would, and is told of nothing else", () => {
  expect(
    goEnvironment({
      GOPROXY: "https://go.example.edu,direct",
      https_proxy: "http://p:3128",
      GOSUMDB: "",
      HOME: "/me",
    }),
  ).toEqual(["GOPROXY=https://go.example.edu,direct", "HTTPS_PROXY=http://p:3128"]);
});

it("the authorities that this computer is told to trust are taken, and none where it names none that is there", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "drydock-certificates-"));
  try {
    const file = path.join(folder, "ours.pem");
    await writeFile(file, "ours");
    expect((await trustedCertificates({ SSL_CERT_FILE: file }))?.toString()).toBe("ours");
    expect(await trustedCertificates({ SSL_CERT_FILE: path.join(folder, "gone.pem") })).toBeNull();
  } finally {
    await rm(folder, { recursive: true });
  }
});
