import { setTimeout as pause } from "node:timers/promises";
import type { InstanceEvent, InstanceEvents } from "#grading/machines/answering/instance-events.ts";
import type { InstanceNotice } from "#grading/protocol/messages.ts";

/** What a provider says of its instances, as a test has it say. */
export class PlayedEvents implements InstanceEvents {
  readonly #waiting: InstanceEvent[] = [];
  /** Those that were handled, in order. */
  readonly done: InstanceEvent["said"][] = [];
  /** Thrown as long as it is set. */
  failure: Error | null = null;

  say(said: InstanceEvent["said"]): void {
    this.#waiting.push({ said, done: async () => void this.done.push(said) });
  }
  tell(instanceId: string, notice: InstanceNotice): void {
    this.say({ kind: "notice", instanceId, notice });
  }
  async receive(signal: AbortSignal): Promise<InstanceEvent[]> {
    await pause(10, undefined, { signal });
    if (this.failure !== null) throw this.failure;
    return this.#waiting.splice(0, 10);
  }
}
