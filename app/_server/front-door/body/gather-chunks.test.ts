import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { gatherUploads } from "./gather-chunks.ts";

/** A request whose reader wants what the test says. */
function open(wants: () => boolean) {
  const pieces: (number | null)[] = [];
  const request = Object.assign(new PassThrough(), {
    method: "POST",
    url: "/api/submissions?exercise=a/b/c",
    push: (chunk: Buffer | null) => {
      pieces.push(chunk === null ? null : chunk.length);
      return wants();
    },
  }) as unknown as IncomingMessage;
  gatherUploads(() => undefined)(request, {} as ServerResponse);
  return {
    pieces,
    push: (bytes: number) => request.push(Buffer.alloc(bytes)),
    end: () => request.push(null),
  };
}

test("a reader that wants no more stops the connection at the next chunk, however small", async () => {
  let wants = false;
  const { push, pieces } = open(() => wants);
  expect(push(1)).toBe(true);
  await expect.poll(() => pieces).toEqual([1]);
  expect(push(1)).toBe(false);
  wants = true;
  await expect.poll(() => pieces).toEqual([1, 1]);
  expect(push(1)).toBe(true);
});

test("chunks are joined, handed on at 16 KB at once, and none is lost at the end", () => {
  const { push, end, pieces } = open(() => true);
  for (let sent = 0; sent < 20; sent++) push(1024);
  end();
  expect(pieces).toEqual([16 * 1024, 4 * 1024, null]);
});
