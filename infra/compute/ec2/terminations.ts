import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { asApiFailure } from "./api-errors.ts";
import type { Ec2Api } from "./ec2-api.ts";

/** So long is waited for others that are ended at the same time. */
const gatherMs = 30;
/** As many as one call takes. */
const most = 1000;

type Ended = "gone" | "ending";
interface Asked {
  instanceId: string;
  resolve(ended: Ended): void;
  reject(error: unknown): void;
}

/**
 * Ends instances in bulk. One id that EC2 does not know, or may not be ended by us, fails a whole call and ends none, so
 * each is asked for by itself then.
 */
export class Terminations {
  #asked: Asked[] = [];

  constructor(private readonly api: Ec2Api) {}

  /** gone: nothing of it is left, or nothing of it was ever there. ending: EC2 was told, and is at it. */
  terminate(instanceId: string, signal?: AbortSignal): Promise<Ended> {
    return new Promise<Ended>((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#asked.push({ instanceId, resolve, reject });
      if (this.#asked.length === 1) setTimeout(() => void this.#askAll(), gatherMs);
    });
  }

  async #askAll(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    const calls = [];
    for (let from = 0; from < asked.length; from += most)
      calls.push(this.#ask(asked.slice(from, from + most)));
    await Promise.all(calls);
  }

  /** Never rejects: each who asked is told. */
  async #ask(asked: Asked[]): Promise<void> {
    const ids = [...new Set(asked.map(({ instanceId }) => instanceId))];
    try {
      const { TerminatingInstances } = await this.api.reading.send(
        new TerminateInstancesCommand({ InstanceIds: ids }),
      );
      const ended = new Set(
        TerminatingInstances?.flatMap(({ InstanceId, CurrentState }) =>
          CurrentState?.Name === "terminated" ? [InstanceId] : [],
        ),
      );
      for (const { instanceId, resolve } of asked) resolve(ended.has(instanceId) ? "gone" : "ending");
    } catch (error) {
      if (ids.length > 1 && asApiFailure(error) !== null) {
        await Promise.all(ids.map((id) => this.#ask(asked.filter(({ instanceId }) => instanceId === id))));
        return;
      }
      for (const { resolve, reject } of asked) {
        if (isUnknown(error)) resolve("gone");
        else reject(error);
      }
    }
  }
}

/** Nothing that ever was an instance has such an id, as far as EC2 remembers. */
const isUnknown = (error: unknown) =>
  /^InvalidInstanceID\.(NotFound|Malformed)$/.test(asApiFailure(error)?.code ?? "");
