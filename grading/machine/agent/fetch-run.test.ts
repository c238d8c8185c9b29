import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import type { RunOrder } from "#grading/protocol/messages.ts";
import { serveHttp, type TestServer } from "#tests/support/http-server.ts";
import { defaultSpec } from "#tests/support/seed.ts";
import { tarOf } from "#tests/support/submit.ts";
import { createDrydockClient } from "./drydock-client.ts";
import { FetchFailed, fetchRun } from "./fetch-run.ts";
import { Refused, type Transport } from "./transport.ts";

/** What the store answers, first to last; then the bytes. */
type Answer = "bytes" | "expired" | "elsewhere" | "cut" | "longer" | "other";

let folder: string;
let store: TestServer;
let bytes: Record<string, Buffer>;
let answers: Answer[];
let asked: string[];
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-fetch-"));
  bytes = {
    submission: await tarOf([{ name: "Dockerfile", text: "FROM debian\n" }]),
    hidden: await tarOf([{ name: "answer", text: "42" }]),
  };
  [answers, asked, said] = [[], [], []];
  store = await serveHttp((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://store");
    asked.push(`store${pathname}`);
    const whole = bytes[pathname.slice(1)] ?? Buffer.alloc(0);
    switch (answers.shift() ?? "bytes") {
      case "bytes":
        return response.writeHead(200, { "content-length": whole.length }).end(whole);
      case "expired":
        return response.writeHead(403).end("<Code>AccessDenied</Code>");
      case "elsewhere":
        return response.writeHead(307, { location: "http://127.0.0.1:1/" }).end();
      case "cut":
        response.writeHead(200, { "content-length": whole.length });
        return void response.write(whole.subarray(0, 600), () => response.destroy());
      case "longer":
        return response.writeHead(200).end(Buffer.concat([whole, Buffer.alloc(1)]));
      case "other":
        return response.writeHead(200).end(Buffer.alloc(whole.length));
    }
  });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const secret = "X-Amz-Signature=the-key-to-it";
const address = (file: string) => `http://127.0.0.1:${store.port}/${file}?${secret}`;

/** Drydock, which gives links by this, and the bytes by itself. */
function drydock(link: (file: string) => unknown = (file) => ({ url: address(file) })): Transport {
  return {
    call: async (_method, where) => {
      asked.push(where);
      const file = /^\/agent\/files\/(\w+)\/link$/.exec(where)?.[1];
      if (file === undefined) throw new Error(`${where} is not asked here.`);
      return link(file);
    },
    open: async (where) => {
      asked.push(where);
      const whole = bytes[path.basename(where)] ?? Buffer.alloc(0);
      return { stream: Readable.from([whole]) as IncomingMessage, bytes: whole.length };
    },
    close: () => undefined,
  };
}

const orderOf = (hidden = false): RunOrder => {
  const { submission = Buffer.alloc(0) } = bytes;
  return {
    ...{ runId: "run_1", attempt: 1, spec: exerciseSpec.parse(defaultSpec) },
    submission: {
      fileName: "work.tar",
      bytes: submission.length,
      sha256: createHash("sha256").update(submission).digest("hex"),
    },
    hidden: { bytes: hidden ? (bytes.hidden?.length ?? 0) : 0 },
    leaseUntil: "2024-11-12T18:00:00.000Z",
  };
};
const fetching = (transport: Transport, order = orderOf(), signal = new AbortController().signal) =>
  fetchRun(
    { client: createDrydockClient(transport, signal), session: "s", say: (line) => said.push(line) },
    order,
    path.join(folder, "work"),
  );
const handedIn = async (transport: Transport) => {
  const { submissionDir } = await fetching(transport);
  return readFile(path.join(submissionDir, "Dockerfile"), "utf8");
};
const [ofLink, fromDrydock] = ["/agent/files/submission/link", "/agent/files/submission"];

test("the store itself gives both files where there are links, and Drydock sends no bytes", async () => {
  const { hiddenDir } = await fetching(drydock(), orderOf(true));
  expect(await readFile(path.join(hiddenDir, "answer"), "utf8")).toBe("42");
  expect(asked.sort()).toEqual([
    "/agent/files/hidden/link",
    "/agent/files/submission/link",
    "store/hidden",
    "store/submission",
  ]);
  expect(said).toEqual([]);
});

test("a link that has expired is followed by another one", async () => {
  answers = ["expired"];
  expect(await handedIn(drydock())).toBe("FROM debian\n");
  expect(asked).toEqual([ofLink, "store/submission", ofLink, "store/submission"]);
});

test.each<Answer>(["expired", "elsewhere", "cut", "longer", "other"])(
  "where the store's answer is %s each time Drydock gives the bytes, and nobody reads the link",
  async (answer) => {
    answers = [answer, answer];
    expect(await handedIn(drydock())).toBe("FROM debian\n");
    expect(asked.at(-1)).toBe(fromDrydock);
    expect(said).toHaveLength(2);
    expect(said.join()).not.toContain("the-key-to-it");
  },
);

test("a store that machines do not reach costs two tries", async () => {
  await store.close();
  expect(await handedIn(drydock())).toBe("FROM debian\n");
  expect(asked).toEqual([ofLink, ofLink, fromDrydock]);
  expect(said.join()).not.toContain("the-key-to-it");
  store = await serveHttp(() => undefined);
});

test.each([
  ["has no links", () => null],
  ["says what is no link", () => ({ url: "file:///etc/passwd" })],
  [
    "is from before there were links",
    () => Promise.reject(new Refused(404, "no-such-call", "There is none.")),
  ],
  ["has trouble with its store", () => Promise.reject(new Refused(500, "internal", "Try again."))],
  ["is away for a moment", () => Promise.reject(new Error("connect ECONNREFUSED"))],
])("Drydock gives the bytes where it %s, and is asked for a link once", async (_how, link) => {
  expect(await handedIn(drydock(link))).toBe("FROM debian\n");
  expect(asked).toEqual([ofLink, fromDrydock]);
});

test("an attempt that is over asks for nothing more", async () => {
  const over = new Refused(409, "attempt-over", "It is over.");
  await expect(fetching(drydock(() => Promise.reject(over)))).rejects.toBe(over);
  expect(asked).toEqual([ofLink]);
});

test("an attempt that ends while the store is silent is not held up by it", async () => {
  const ending = new AbortController();
  const reason = new Error("The attempt is over.");
  const silent = await serveHttp(() => ending.abort(reason));
  const asking = fetching(
    drydock(() => ({ url: `http://127.0.0.1:${silent.port}/` })),
    orderOf(),
    ending.signal,
  );
  await expect(asking).rejects.toBe(reason);
  await silent.close();
});

test("bytes that are other than stated wherever they come from are the platform's fault, not the student's", async () => {
  const order = orderOf();
  bytes.submission = Buffer.alloc(order.submission.bytes);
  await expect(fetching(drydock(), order)).rejects.toBeInstanceOf(FetchFailed);
});
