import { z } from "zod";
import type { InstanceNotice } from "../../protocol/messages.ts";

/** Of an interruption an instance hears two minutes before. */
const everyMs = 5_000;
/** Of one call; the service is on the computer itself. */
const limitMs = 2_000;
const tokenSeconds = 21_600;

/** EC2 names instants without milliseconds. */
const instant = z.iso.datetime().transform((at) => new Date(at).toISOString());
/** By path below /latest/meta-data; there is none (404) until the provider means to interrupt. */
const notices = [
  {
    path: "spot/instance-action",
    read: z
      .object({ time: instant })
      .transform(({ time }): InstanceNotice => ({ kind: "interruption", at: time })),
  },
  {
    path: "events/recommendations/rebalance",
    read: z
      .object({ noticeTime: instant })
      .transform(({ noticeTime }): InstanceNotice => ({ kind: "rebalance", at: noticeTime })),
  },
] as const;

/**
 * Asks the instance's metadata service (version 2) every few seconds whether the provider means to interrupt it, and
 * tells each kind of notice once. What cannot be asked or told is said in the diary and tried again.
 */
export function watchInstance(options: {
  metadataAddress: string;
  tell(notice: InstanceNotice): Promise<void>;
  say(line: string): void;
  everyMs?: number;
}): { stop(): void } {
  const { metadataAddress, tell, say } = options;
  const stopping = new AbortController();
  const told = new Set<InstanceNotice["kind"]>();
  let token: string | null = null;
  let asking = false;
  let trouble = "";

  async function ask(method: "GET" | "PUT", path: string, headers: Record<string, string>) {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(limitMs)]);
    const response = await fetch(new URL(`/latest/${path}`, metadataAddress), { method, headers, signal });
    return { status: response.status, text: await response.text() };
  }

  async function readNotice(path: string): Promise<string | null> {
    if (token === null) {
      const granted = await ask("PUT", "api/token", {
        "x-aws-ec2-metadata-token-ttl-seconds": String(tokenSeconds),
      });
      if (granted.status !== 200) throw new Error(`The metadata service gave no token: ${granted.status}.`);
      token = granted.text;
    }
    const { status, text } = await ask("GET", `meta-data/${path}`, { "x-aws-ec2-metadata-token": token });
    if (status === 200) return text;
    if (status === 404) return null;
    // It may have expired.
    token = null;
    throw new Error(`The metadata service answered ${status} to ${path}.`);
  }

  async function look(): Promise<void> {
    for (const { path, read } of notices) {
      const said = await readNotice(path);
      if (said === null) continue;
      const notice = read.parse(JSON.parse(said));
      if (told.has(notice.kind)) continue;
      await tell(notice);
      told.add(notice.kind);
    }
  }

  async function once(): Promise<void> {
    // One at a time: telling may take as long as Drydock is away.
    if (asking) return;
    asking = true;
    try {
      await look();
      trouble = "";
    } catch (error) {
      // The same trouble fills no diary.
      if (!stopping.signal.aborted && trouble !== String(error)) say(`not told of interruptions: ${error}`);
      trouble = String(error);
    } finally {
      asking = false;
    }
  }
  const timer = setInterval(once, options.everyMs ?? everyMs);
  void once();
  return {
    stop() {
      clearInterval(timer);
      stopping.abort();
    },
  };
}
