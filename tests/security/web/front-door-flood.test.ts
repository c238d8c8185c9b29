import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import net, { type AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import v8 from "node:v8";
import vm from "node:vm";
import { afterEach, expect, test } from "vitest";
import { arrivalOf } from "#app/_server/front-door/arrival.ts";
import { trustedProxies } from "#app/_server/front-door/client-address.ts";
import { createFrontServer } from "#app/_server/front-door/create-front-server.ts";

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
}

let now = new Date("2024-11-15T12:00:00Z");
let open: { server: Server; sockets: net.Socket[] } | null = null;
afterEach(() => {
  for (const socket of open?.sockets ?? []) socket.destroy();
  open?.server.closeAllConnections();
  open?.server.close();
  open = null;
});

/** The front door before a site that answers when the test says. */
async function openDoor() {
  const calls: Call[] = [];
  const site = { calls, most: 0, underWay: 0 };
  const server = createFrontServer(
    (request, response) => {
      calls.push({ request, response });
      site.underWay += 1;
      site.most = Math.max(site.most, site.underWay);
      response.once("close", () => {
        site.underWay -= 1;
      });
    },
    { isTrusted: trustedProxies(["127.0.0.1"]), https: false, clock: () => now },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sockets: net.Socket[] = [];
  open = { server, sockets };
  const connect = () => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    sockets.push(socket);
    return socket;
  };
  const send = (
    path: string,
    options: { method?: string; from?: string; body?: string; accept?: string } = {},
  ) => {
    const { method = "GET", from = "198.51.100.7", body, accept = "text/html" } = options;
    const headers: Record<string, string | number> = { "x-forwarded-for": from, accept };
    if (body !== undefined) headers["content-length"] = body.length;
    const sending = httpRequest({ port, host: "127.0.0.1", agent: false, path, method, headers });
    sending.on("error", () => undefined);
    sending.on("socket", (socket) => sockets.push(socket));
    sending.end(body);
    const answered = once(sending, "response").then(async ([answer]: IncomingMessage[]) => {
      if (answer === undefined) throw new Error("No answer.");
      return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
    });
    // Those that are still open when a test ends are nobody's concern.
    answered.catch(() => undefined);
    return answered;
  };
  return { site, server, connect, send };
}

/** One after the other, until so many were. */
async function answerAll(calls: Call[], count: number) {
  for (let i = 0; i < count; i += 1) {
    await expect.poll(() => calls.length, { interval: 1, timeout: 20_000 }).toBeGreaterThan(i);
    calls[i]?.response.end("well");
  }
}
const page = "GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n";

test("pipelining: of requests sent without waiting for an answer the first is looked at, and the line is cut", async () => {
  const { site, connect, send } = await openDoor();
  const socket = connect();
  const cut = new Promise((done) => socket.once("close", done));
  socket.resume();
  socket.write(page.repeat(3_000));
  await cut;
  expect(site.calls).toHaveLength(1);
  const next = send("/sign-in");
  await answerAll(site.calls, 2);
  expect((await next).status).toBe(200);
});

test("a class of 60 behind one address that loads a page at once, by six connections each, is answered", async () => {
  const { site, send } = await openDoor();
  const all = Array.from({ length: 360 }, () => send("/courses/a"));
  await answerAll(site.calls, 360);
  expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]));
  expect(site.most).toBeLessThanOrEqual(8);
});

test("a flood from one address is refused beyond its line, and holds up neither uploads nor other addresses", async () => {
  const { site, send } = await openDoor();
  const flood = Array.from({ length: 2_030 }, () => send("/sign-in"));
  const refused = await Promise.race(flood);
  expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "5"]);
  expect(refused.text).toContain("Too many requests are being answered");
  expect(refused.text).toContain("Wait a few seconds, then load the page again.");
  await expect.poll(() => site.calls.length).toBe(8);

  const urls = () => site.calls.slice(8).map(({ request }) => request.url);
  void send("/api/submissions?exercise=a/b/c", { method: "POST", body: "work" });
  void send("/api/health");
  void send("/courses/a", { from: "203.0.113.9" });
  await expect.poll(urls).toHaveLength(3);
  expect(urls().sort()).toEqual(["/api/health", "/api/submissions?exercise=a/b/c", "/courses/a"]);
});

test("an address of IPv6 is its network: a flood from many of one counts as one", async () => {
  const { site, send } = await openDoor();
  for (let i = 0; i < 12; i += 1) void send("/sign-in", { from: `2001:db8:1:2::${i}` });
  void send("/sign-in", { from: "2001:db8:1:3::1" });
  await expect
    .poll(() => site.calls.map(({ request }) => request.headers["x-forwarded-for"]))
    .toContain("2001:db8:1:3::1");
  await expect.poll(() => site.calls.length).toBe(9);
});

test("headers early, bytes late: a form that is held back holds no place", async () => {
  const { site, connect, send } = await openDoor();
  for (let i = 0; i < 40; i += 1) {
    connect().write("POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nemail=");
  }
  const last = connect();
  last.write("POST /courses/a HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nrea");
  const got = send("/sign-in");
  await answerAll(site.calls, 1);
  expect((await got).status).toBe(200);
  last.write("son");
  await expect.poll(() => site.calls.length).toBe(2);
  const call = site.calls[1] as Call;
  expect(await text(call.request)).toBe("reason");
});

test("a form that is larger than is taken is refused, with a length and without", async () => {
  const { site, connect, send } = await openDoor();
  const known = await send("/courses/a", { method: "POST", body: "a".repeat(65_537), accept: "*/*" });
  expect([known.status, JSON.parse(known.text).error.code]).toEqual([413, "body-too-large"]);
  const socket = connect();
  const answer = once(socket, "data");
  socket.write("POST /courses/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  socket.write(`${(70_000).toString(16)}\r\n${"a".repeat(70_000)}\r\n`);
  expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 413 /);
  expect(site.calls).toHaveLength(0);
});

test("a form of as many bytes as are taken arrives whole", async () => {
  const { site, send } = await openDoor();
  const body = "b".repeat(65_536);
  void send("/courses/a", { method: "POST", body });
  await expect.poll(() => site.calls.length).toBe(1);
  expect(await text((site.calls[0] as Call).request)).toBe(body);
});

test("streams that are followed for hours, and answers that nobody takes, keep no place", async () => {
  const { site, connect, send } = await openDoor();
  for (let i = 0; i < 30; i += 1) {
    connect().pause();
    void send("/api/runs/r/events");
    await expect.poll(() => site.calls.length, { interval: 1 }).toBe(i + 1);
    site.calls[i]?.response.writeHead(200, { "content-type": "text/event-stream" }).write("retry: 1000\n\n");
  }
  const got = send("/sign-in");
  await expect.poll(() => site.calls.length).toBe(31);
  site.calls[30]?.response.end("well");
  expect((await got).status).toBe(200);
});

test("an upload's bytes are stamped as they come, however late anybody looks at them", async () => {
  const { site, server, connect } = await openDoor();
  // Node's own limit would end it after five minutes, whatever its pace.
  expect([server.requestTimeout, server.headersTimeout]).toEqual([0, 60_000]);
  const socket = connect();
  socket.write(
    "POST /api/submissions HTTP/1.1\r\nHost: x\r\nX-Drydock-Arrival: 1\r\nContent-Length: 8\r\n\r\n",
  );
  await expect.poll(() => site.calls.length).toBe(1);
  const { request, response } = site.calls[0] as Call;
  const arrival = arrivalOf(request.headers);
  expect(arrival).toEqual({ firstByteAt: null, lastByteAt: null });
  const at = (second: number) => new Date(Date.UTC(2024, 10, 15, 12, 0, second));
  now = at(7);
  socket.write("work");
  await expect.poll(() => arrival?.firstByteAt).toEqual(at(7));
  now = at(9);
  socket.write("more");
  await expect.poll(() => arrival?.lastByteAt).toEqual(at(9));
  now = at(59);
  expect(await text(request)).toBe("workmore");
  expect(arrival).toEqual({ firstByteAt: at(7), lastByteAt: at(9) });
  response.end("well");
  await once(response, "close");
  expect(arrivalOf(request.headers)).toBeNull();
});

/** What collects garbage, so that what is left is what is held. */
function exposeGc(): () => void {
  v8.setFlagsFromString("--expose-gc");
  return vm.runInNewContext("gc") as () => void;
}

/** A body of as many bytes, each a chunk of its own, and never ended. */
const inBytes = (bytes: number) => "1\r\nx\r\n".repeat(bytes);
const chunked = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`;

test("forms in chunks of a byte take the memory of their bytes, and arrive whole", async () => {
  const { site, connect } = await openDoor();
  const collect = exposeGc();
  const body = inBytes(60_000);
  const sockets = Array.from({ length: 20 }, connect);
  collect();
  const before = process.memoryUsage();
  for (const socket of sockets) {
    await new Promise<unknown>((sent) => socket.write(chunked("/sign-in") + body, sent));
  }
  // One more goes all the way, so the others were read by then.
  connect().write(`${chunked("/sign-in")}${body}0\r\n\r\n`);
  await expect.poll(() => site.calls.length, { timeout: 20_000 }).toBe(1);
  collect();
  const now = process.memoryUsage();
  // 1.3 MB of bytes; as chunks they took 10 MB of heap a form.
  expect((now.heapUsed + now.external - before.heapUsed - before.external) / 2 ** 20).toBeLessThan(30);
  expect((await text(site.calls[0]?.request ?? Readable.from([]))).length).toBe(60_000);
});

test("an upload in chunks of a byte is handed on in pieces that are worth the work", async () => {
  const { site, connect } = await openDoor();
  connect().write(`${chunked("/api/submissions?exercise=a/b/c")}${inBytes(100_000)}0\r\n\r\n`);
  await expect.poll(() => site.calls.length).toBe(1);
  const pieces: number[] = [];
  for await (const piece of site.calls[0]?.request ?? []) pieces.push(piece.length);
  expect(pieces.reduce((sum, bytes) => sum + bytes, 0)).toBe(100_000);
  expect(pieces.length).toBeLessThan(200);
});

test("an upload's last bytes are handed on at once although they fill no piece", async () => {
  const { site, connect } = await openDoor();
  connect().write(`${chunked("/api/submissions?exercise=a/b/c")}${inBytes(5)}`);
  await expect.poll(() => site.calls.length).toBe(1);
  const { request } = site.calls[0] as Call;
  const arrived = new Date(now);
  now = new Date(now.getTime() + 60_000);
  const [first] = await once(request, "data");
  expect(first.length).toBe(5);
  expect(arrivalOf(request.headers)?.firstByteAt).toEqual(arrived);
});
