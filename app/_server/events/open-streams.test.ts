import { expect, test } from "vitest";
import { createOpenStreams } from "./open-streams.ts";

test("one person cannot hold 1,500 event streams: twenty are given, the next is refused, others are not affected", () => {
  const streams = createOpenStreams();
  const given = Array.from({ length: 1500 }, () => streams.enter("mallory")).filter(
    (leave) => leave !== null,
  );
  expect(given).toHaveLength(20);
  expect(streams.enter("alice")).not.toBeNull();
});

test("a stream that ends gives its place back, once", () => {
  const streams = createOpenStreams();
  const given = Array.from({ length: 20 }, () => streams.enter("alice"));
  given[0]?.();
  given[0]?.();
  expect(streams.enter("alice")).not.toBeNull();
  expect(streams.enter("alice")).toBeNull();
});
