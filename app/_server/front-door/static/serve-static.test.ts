import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { precompress } from "../../../../infra/build/precompress.mjs";
import { acceptedEncoding } from "./accepted-encoding.ts";
import { serveStatic } from "./serve-static.ts";
import { readStaticFiles } from "./static-files.ts";

const script = "export const word = 1;\n".repeat(400);
let dir: string;
let server: Server;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "drydock-static-"));
  await mkdir(path.join(dir, "static/chunks"), { recursive: true });
  await mkdir(path.join(dir, "static/media"));
  await writeFile(path.join(dir, "static/chunks/a~1.js"), script);
  await writeFile(path.join(dir, "static/media/font.woff2"), "not packed");
  await writeFile(path.join(dir, "static/chunks/a~1.js.map"), "{}");
  await precompress(path.join(dir, "static"));
  const files = await readStaticFiles(dir);
  server = createServer(
    serveStatic(files, (_, response) => {
      response.statusCode = 404;
      response.end("next");
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** As it is on the wire: fetch would unpack. */
function ask(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path: url, headers, method }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.once("error", reject);
    sent.end();
  });
}

test("a script comes in the smallest form that the browser takes, for ever", async () => {
  const url = "/_next/static/chunks/a~1.js";
  const best = await ask(`${url}?dpl=1`, { "accept-encoding": "gzip, deflate, br, zstd" });
  expect(best.headers).toMatchObject({
    "content-encoding": "br",
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
    vary: "Accept-Encoding",
    "x-content-type-options": "nosniff",
  });
  expect(brotliDecompressSync(best.body).toString()).toBe(script);
  const second = await ask(url, { "accept-encoding": "gzip, deflate" });
  expect(second.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(second.body).toString()).toBe(script);
  const plain = await ask(url);
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(plain.body.toString()).toBe(script);
  expect(new Set([best, second, plain].map(({ headers }) => headers.etag)).size).toBe(3);
});

test("what the browser has already is not sent again, and HEAD sends nothing", async () => {
  const url = "/_next/static/chunks/a~1.js";
  const { headers } = await ask(url, { "accept-encoding": "br" });
  const again = await ask(url, { "accept-encoding": "br", "if-none-match": `W/"other", ${headers.etag}` });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  const other = await ask(url, { "accept-encoding": "gzip", "if-none-match": String(headers.etag) });
  expect(other.status).toBe(200);
  const head = await ask(url, { "accept-encoding": "br" }, "HEAD");
  expect([head.headers["content-length"], head.body.length]).toEqual([headers["content-length"], 0]);
});

test("a font is sent as it is, and what is no file of the build goes on to Next", async () => {
  const font = await ask("/_next/static/media/font.woff2", { "accept-encoding": "br" });
  expect([font.body.toString(), font.headers["content-encoding"], font.headers.vary]).toEqual([
    "not packed",
    undefined,
    undefined,
  ]);
  for (const url of [
    "/",
    "/_next/static/chunks/a~1.js.br",
    "/_next/static/chunks/a~1.js.map",
    "/_next/static/chunks/../chunks/a~1.js",
    "/_next/static/",
    "/__proto__",
  ]) {
    expect((await ask(url)).body.toString(), url).toBe("next");
  }
  expect((await ask("/_next/static/chunks/a~1.js", {}, "POST")).body.toString()).toBe("next");
});

test.each([
  [undefined, null],
  ["", null],
  ["identity", null],
  ["gzip", "gzip"],
  ["GZIP, BR", "br"],
  ["br;q=0, gzip;q=0.2", "gzip"],
  ["*", "br"],
  ["*;q=0.5, br;q=0", "gzip"],
  ["br;q=nonsense", null],
])("Accept-Encoding %j is given %j", (header, encoding) => {
  expect(acceptedEncoding(header, ["br", "gzip"])).toBe(encoding);
});
