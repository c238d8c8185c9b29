import { expect, test } from "vitest";
import { createLogger } from "#infra/telemetry/logger.ts";
import { startLoop } from "./loop.ts";

const log = createLogger({ name: "test", level: "silent" });

function deferred() {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** A pass that the test ends by hand. */
function handPass(everyMs = 3_600_000) {
  let passes = 0;
  let atOnce = 0;
  let most = 0;
  let begun = deferred();
  let end = deferred();
  return {
    reconciler: {
      name: "hand",
      everyMs,
      pass: async () => {
        passes += 1;
        atOnce += 1;
        most = Math.max(most, atOnce);
        begun.resolve();
        await end.promise;
        atOnce -= 1;
      },
    },
    begun: () => begun.promise,
    /** Ends the pass under way; begun() then waits for the next. */
    finish: (how: "well" | "badly" = "well") => {
      const ending = end;
      begun = deferred();
      end = deferred();
      if (how === "well") ending.resolve();
      else ending.reject(new Error("The database is away."));
    },
    count: () => ({ passes, most }),
  };
}

test("a loop never runs two passes at once, and looks again once when it was woken meanwhile", async () => {
  const hand = handPass();
  const loop = startLoop(hand.reconciler, log);
  await hand.begun();
  for (let i = 0; i < 5; i++) loop.wake();
  hand.finish();
  await hand.begun();
  expect(hand.count()).toEqual({ passes: 2, most: 1 });
  const stopped = loop.stop();
  hand.finish();
  await stopped;
  expect(hand.count().passes).toBe(2);
});

test("a pass that fails does not end the loop", async () => {
  const hand = handPass(0);
  const loop = startLoop(hand.reconciler, log);
  await hand.begun();
  hand.finish("badly");
  await hand.begun();
  const stopped = loop.stop();
  hand.finish();
  await stopped;
  expect(hand.count().passes).toBe(2);
});

test("a loop that is stopped waits for its pass and begins no other", async () => {
  const hand = handPass(0);
  const loop = startLoop(hand.reconciler, log);
  await hand.begun();
  let stopped = false;
  const stopping = loop.stop().then(() => {
    stopped = true;
  });
  loop.wake();
  await Promise.resolve();
  expect(stopped).toBe(false);
  hand.finish();
  await stopping;
  loop.wake();
  expect(hand.count().passes).toBe(1);
});
