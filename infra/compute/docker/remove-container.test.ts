import type Docker from "dockerode";
import { expect, test } from "vitest";
import { removeContainer } from "./remove-container.ts";

test("a container that the engine says it is removing, and never does, is not waited for without end", async () => {
  const container = {
    remove: () => Promise.reject(Object.assign(new Error("removal is in progress"), { statusCode: 409 })),
    wait: ({ abortSignal }: { abortSignal: AbortSignal }) =>
      new Promise((_, reject) => {
        abortSignal.onabort = () => reject(abortSignal.reason);
      }),
  } as unknown as Docker.Container;
  const ending = new AbortController();
  const removal = removeContainer(container, ending.signal);
  await new Promise(setImmediate);
  ending.abort(new Error("too late"));
  await expect(removal).rejects.toThrow("too late");
});
