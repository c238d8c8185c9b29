import type http from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { serveHttp, type TestServer } from "#tests/support/http-server.ts";
import { askHttp } from "./ask-http.ts";

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(handle: http.RequestListener) {
  const server = await serveHttp(handle);
  servers.push(server);
  return { host: "127.0.0.1", port: server.port, path: "/" };
}

const never = new AbortController().signal;

describe("one HTTP request", () => {
  it("is sent as it is said, and answered with status, headers and body", async () => {
    const target = await serve(async (request, response) => {
      let got = "";
      for await (const chunk of request) got += String(chunk);
      response.writeHead(201, { "X-Sent": `${request.method} ${request.headers["x-a"]}` }).end(got);
    });
    const question = { ...target, method: "POST", headers: { "X-A": "b" }, body: "hello" };
    expect(await askHttp(question, { bytes: 100 }, never)).toMatchObject({
      status: 201,
      headers: { "x-sent": "POST b" },
      body: "hello",
    });
  });

  it("keeps of a longer body what it may, or refuses it where the whole is wanted", async () => {
    const target = await serve((_request, response) => response.end("x".repeat(5000)));
    expect((await askHttp(target, { bytes: 1000 }, never)).body).toHaveLength(1000);
    expect((await askHttp(target, { bytes: 5000, refuse: "too long" }, never)).body).toHaveLength(5000);
    await expect(askHttp(target, { bytes: 4999, refuse: "too long" }, never)).rejects.toThrow("too long");
  });

  it("fails when the answer is cut, or the signal is aborted before it is whole", async () => {
    const target = await serve((_request, response) => {
      response.writeHead(200, { "Content-Length": "10" });
      response.write("half", () => response.destroy());
    });
    await expect(askHttp(target, { bytes: 100 }, never)).rejects.toThrow();
    const over = new AbortController();
    const silent = await serve(() => over.abort());
    await expect(askHttp(silent, { bytes: 100 }, over.signal)).rejects.toThrow(/abort/i);
  });
});
