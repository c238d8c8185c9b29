import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { createRunEventHub } from "./events/run-event-hub.ts";
import { onStop } from "./on-stop.ts";

it.each(["SIGTERM", "SIGINT"])(
  "%s ends who follows a run, for whom the server would wait",
  async (signal) => {
    const signals = new EventEmitter();
    const hub = createRunEventHub(async () => ({ close: async () => undefined }));
    onStop(hub.close, signals);
    const reader = await hub.subscribe("run_1");
    const next = reader.next(60_000);
    signals.emit(signal);
    expect(await next).toBe("closed");
    signals.emit(signal);
  },
);
