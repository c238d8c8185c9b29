import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { SentTooSlowly } from "#grading/submissions/sending-pace.ts";
import { receiveBody } from "./arriving-body.ts";
import { boundedRequest, maxBodyBytes } from "./bounded-request.ts";

const at = (second: number) => new Date(Date.UTC(2024, 10, 15, 12, 0, second));

/** A body whose bytes come when the test says, and a clock that it moves. */
function slowBody() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  let now = at(0);
  return {
    body,
    clock: () => now,
    async arrive(second: number, bytes: number | null) {
      now = at(second);
      if (bytes === null) controller.close();
      else controller.enqueue(new Uint8Array(bytes));
      await new Promise((resolve) => setImmediate(resolve));
    },
    fail: () => controller.error(new Error("gone")),
  };
}

test("headers early, bytes late: the first byte's time is when it came, and not when somebody got round to reading", async () => {
  const slow = slowBody();
  const arriving = receiveBody(slow.body, slow.clock);
  await slow.arrive(7, 10);
  await slow.arrive(8, 10);
  // The server was busy until now.
  await slow.arrive(30, null);
  expect(await arriving.firstByteAt).toEqual(at(7));
});

test("the last byte's time is that of the last byte and not of the end", async () => {
  const slow = slowBody();
  const arriving = receiveBody(slow.body, slow.clock);
  const reading = (async () => {
    let bytes = 0;
    for await (const chunk of arriving.stream as AsyncIterable<Buffer>) bytes += chunk.length;
    return bytes;
  })();
  await slow.arrive(7, 10);
  await slow.arrive(9, 20);
  await slow.arrive(30, null);
  expect(await reading).toBe(30);
  expect(arriving.lastByteAt()).toEqual(at(9));
});

test("no body, an empty one and one that breaks off have a time too", async () => {
  expect(await receiveBody(null, () => at(3)).firstByteAt).toEqual(at(3));
  const empty = slowBody();
  const arriving = receiveBody(empty.body, empty.clock);
  await empty.arrive(5, null);
  expect(await arriving.firstByteAt).toEqual(at(0));
  const broken = slowBody();
  const breaking = receiveBody(broken.body, broken.clock);
  broken.fail();
  expect(await breaking.firstByteAt).toEqual(at(0));
});

test("what was read is not kept, however large the body is and however long it takes", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const sent: WeakRef<Uint8Array>[] = [];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent.length === 200) return controller.close();
        const chunk = new Uint8Array(64 * 1024);
        sent.push(new WeakRef(chunk));
        controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
  const arriving = receiveBody(body, () => at(0));
  let kept = 0;
  for await (const _ of arriving.stream) {
    if (sent.length < 150) continue;
    // Another turn: a reference that was looked at lives until the end of its own.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    kept = sent.filter((chunk) => chunk.deref() !== undefined).length;
    break;
  }
  // What the stream reads ahead.
  expect(kept).toBeLessThan(20);
});

test("busy server: the instants are those of the front door where there is one", async () => {
  const slow = slowBody();
  const arriving = receiveBody(slow.body, slow.clock, { firstByteAt: at(2), lastByteAt: at(4) });
  await slow.arrive(30, 10);
  expect(await arriving.firstByteAt).toEqual(at(2));
  expect(arriving.lastByteAt()).toEqual(at(4));
});

test("slow upload: it may take as long as it comes, and is given up for a pause or past the whole time", async () => {
  vi.useFakeTimers();
  const start = Date.now();
  const clock = () => new Date();
  const pace = { pauseMs: 60_000, wholeMs: 1_800_000 };
  const give = async (everyMs: number) => {
    let bytes = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, everyMs));
          controller.enqueue(new Uint8Array(1));
        },
      },
      { highWaterMark: 0 },
    );
    const reading = (async () => {
      const { stream } = receiveBody(body, clock, null, pace);
      for await (const chunk of stream as AsyncIterable<Buffer>) bytes += chunk.length;
    })();
    const ended = expect(reading).rejects.toBeInstanceOf(SentTooSlowly);
    await vi.advanceTimersByTimeAsync(1_900_000);
    await ended;
    return bytes;
  };
  try {
    expect(await give(60_001)).toBe(0);
    // A byte each 59 s for half an hour.
    expect(await give(59_000)).toBe(30);
    expect(Date.now() - start).toBe(3_800_000);
  } finally {
    vi.useRealTimers();
  }
});

const send = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request("http://drydock.test/api/x", { method: "POST", body, headers, duplex: "half" } as RequestInit);
const bounded = (request: Request) =>
  boundedRequest(
    request,
    receiveBody(request.body, () => at(0)),
  );

test("a body as large as is taken arrives whole, and one byte more is refused", async () => {
  const text = "é".repeat(maxBodyBytes / 2);
  expect(await (await bounded(send(text))).text()).toBe(text);
  await expect(bounded(send(`${text}.`))).rejects.toMatchObject({ code: "body-too-large" });
});

test("a body without a stated length is read no further than that", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(16 * 1024));
    },
  });
  await expect(bounded(send(endless))).rejects.toMatchObject({ code: "body-too-large" });
  expect(pulled).toBeLessThan(20);
});

test("a body that breaks off is the sender's mistake and no surprise", async () => {
  const slow = slowBody();
  const request = send(slow.body);
  const reading = bounded(request);
  slow.fail();
  await expect(reading).rejects.toMatchObject({ code: "bad-request" });
});
