import { describe, expect, it } from "vitest";
import { sseResponse } from "./sse-response.ts";

/** A stream of one message, which then waits until the client has gone. */
function openStream(request: Request) {
  const seen = { errors: [] as unknown[], ended: false };
  const response = sseResponse(
    request,
    async function* (signal) {
      try {
        if (signal.aborted) return;
        yield "retry: 1000\n\n";
        await new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve());
          if (signal.aborted) resolve();
        });
      } finally {
        seen.ended = true;
      }
    },
    (error) => seen.errors.push(error),
  );
  if (!response.body) throw new Error("A stream has a body.");
  return { seen, reader: response.body.getReader() };
}

/** Everything that was going to happen without anything new from outside has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a client that goes away while the next message is awaited", () => {
  it("ends the messages without an error when the body is cancelled", async () => {
    const { seen, reader } = openStream(new Request("http://site.test/events"));
    await reader.read();
    const waiting = reader.read();
    await settled();
    await reader.cancel();
    await settled();
    expect(seen).toEqual({ errors: [], ended: true });
    expect((await waiting).done).toBe(true);
  });

  it("ends body and messages without an error when the request is aborted", async () => {
    const client = new AbortController();
    const { seen, reader } = openStream(new Request("http://site.test/events", { signal: client.signal }));
    await reader.read();
    const waiting = reader.read();
    await settled();
    client.abort();
    expect((await waiting).done).toBe(true);
    expect(seen).toEqual({ errors: [], ended: true });
  });

  it.each(["abort first", "cancel first"])("does so when the server tells both ways, %s", async (order) => {
    const client = new AbortController();
    const { seen, reader } = openStream(new Request("http://site.test/events", { signal: client.signal }));
    await reader.read();
    const waiting = reader.read();
    await settled();
    const tell = [() => client.abort(), () => void reader.cancel()];
    for (const way of order === "abort first" ? tell : tell.reverse()) way();
    expect((await waiting).done).toBe(true);
    await settled();
    expect(seen).toEqual({ errors: [], ended: true });
  });
});

it("a client that has gone before the first message is sent nothing", async () => {
  const { seen, reader } = openStream(
    new Request("http://site.test/events", { signal: AbortSignal.abort() }),
  );
  expect(await reader.read()).toEqual({ done: true, value: undefined });
  expect(seen).toEqual({ errors: [], ended: true });
});

it("messages that break break the body, and are told of once", async () => {
  const broken = new Error("The table is gone.");
  const errors: unknown[] = [];
  const response = sseResponse(
    new Request("http://site.test/events"),
    // biome-ignore lint/correctness/useYield: it breaks before its first message
    async function* () {
      throw broken;
    },
    (error) => errors.push(error),
  );
  await expect(response.text()).rejects.toBe(broken);
  expect(errors).toEqual([broken]);
});
