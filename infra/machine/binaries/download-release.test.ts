import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { downloadRelease } from "./download-release.ts";
import type { BinaryModule } from "./modules.ts";

const module: BinaryModule = {
  name: "kubernetes",
  version: "v1.36.3",
  files: [],
  programs: ["kubelet", "kubectl"],
  builtAs: {},
  tags: [],
  ldflags: "",
  seconds: 1,
  released: true,
};
const content = (program: string) => `the program ${program}`;
const sum = (text: string) => createHash("sha256").update(text).digest("hex");

let into: string;
let server: Server | null;
beforeEach(async () => {
  into = await mkdtemp(path.join(tmpdir(), "drydock-release-"));
  server = null;
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(into, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/release`;
}

const download = (from: string, onFraction: (fraction: number) => void = () => {}) =>
  downloadRelease({
    module,
    architecture: "arm64",
    from,
    into,
    report: (_, fraction) => onFraction(fraction),
    signal: new AbortController().signal,
  });

/** As releases lie: the program, and its checksum beside it. */
const release =
  (checksum: (program: string) => string): RequestListener =>
  (request, response) => {
    const [, program, sums] =
      /^\/release\/v1\.36\.3\/bin\/linux\/arm64\/(\w+)(\.sha256)?$/.exec(request.url ?? "") ?? [];
    if (program === undefined) response.writeHead(404).end();
    else response.end(sums ? `${checksum(program)}\n` : content(program));
  };

describe("an official release", () => {
  it("is downloaded program by program when each is the file of its checksum", async () => {
    const fractions: number[] = [];
    const from = await serve(release((program) => sum(content(program))));
    expect(await download(from, (fraction) => fractions.push(fraction))).toEqual({ outcome: "downloaded" });
    for (const program of module.programs) {
      expect(await readFile(path.join(into, program), "utf8")).toBe(content(program));
      expect((await stat(path.join(into, program))).mode & 0o777).toBe(0o755);
    }
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });

  it("with another checksum is refused, and not built around", async () => {
    const from = await serve(release(() => sum("another")));
    await expect(download(from)).rejects.toThrow("is not the file of its published checksum");
  });

  it("that is not there, or breaks off, or has no host leaves building as the way", async () => {
    expect(await download(await serve((_, response) => response.writeHead(404).end()))).toMatchObject({
      outcome: "unreachable",
      message: expect.stringContaining("HTTP 404"),
    });
    server?.close();
    const broken = await serve((request, response) => {
      if (request.url?.endsWith(".sha256")) response.end(sum("x"));
      else {
        response.writeHead(200, { "content-length": 100 });
        response.write("half");
        setImmediate(() => response.destroy());
      }
    });
    expect(await download(broken)).toMatchObject({ outcome: "unreachable" });
    server?.closeAllConnections();
    server?.close();
    await once(server as Server, "close");
    expect(await download(broken)).toMatchObject({ outcome: "unreachable" });
  });

  it("whose host does not begin to answer is not waited for", async () => {
    const from = await serve(() => {});
    expect(await download(from)).toMatchObject({
      outcome: "unreachable",
      message: expect.stringContaining("no answer within 3 seconds"),
    });
  });
});
