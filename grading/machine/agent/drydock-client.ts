import { setTimeout as wait } from "node:timers/promises";
import {
  type EventBatch,
  eventAck,
  fileLink,
  type Heartbeat,
  heartbeatReply,
  type InstanceNotice,
  noticeAck,
  type RunFile,
  type RunResult,
  resultAck,
  runOrder,
  sessionGrant,
  warmAck,
} from "../../protocol/messages.ts";
import { openLink } from "./files/open-link.ts";
import { Refused, type Transport } from "./transport.ts";

const firstPauseMs = 100;
const longestPauseMs = 2000;

/**
 * The protocol's calls. All but the heartbeat are repeated while Drydock cannot be reached or answers with its own
 * trouble, for as long as the signal allows: the gateway may be away for minutes. They throw Refused when the answer
 * is no, and the signal's reason when it is aborted.
 */
export function createDrydockClient(transport: Transport, signal: AbortSignal) {
  async function persist<T>(attempt: () => Promise<T>): Promise<T> {
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof Refused && !error.passing) throw error;
        await wait(pause, undefined, { signal });
      }
    }
  }
  const post = (path: string, session: string | null, body: unknown) =>
    persist(() => transport.call("POST", path, session, body));

  return {
    /**
     * The token dies with the first call that reaches Drydock; when the answer to it was lost on the way there is no
     * second try, and the machine ends: another one will be made.
     */
    openSession: async (token: string) => sessionGrant.parse(await post("/agent/session", null, { token })),
    reportWarm: async (session: string) => void warmAck.parse(await post("/agent/warm", session, {})),
    nextRun: async (session: string) => {
      const order = await persist(() => transport.call("GET", "/agent/run", session));
      return order === null ? null : runOrder.parse(order);
    },
    /**
     * Once, and null too where Drydock cannot say, such as one from before there were links, or says what is no link: it
     * gives the bytes itself.
     */
    fileLink: async (session: string, file: RunFile) => {
      signal.throwIfAborted();
      const link = await transport
        .call("GET", `/agent/files/${file}/link`, session)
        .catch((error: unknown) => {
          if (error instanceof Refused && error.over) throw error;
          return null;
        });
      return fileLink.safeParse(link).data ?? null;
    },
    /** Once. */
    openLink: (url: string) => openLink(url, signal),
    /** Once: a missed beat is followed by the next. */
    heartbeat: async (session: string, beat: Heartbeat) =>
      heartbeatReply.parse(await transport.call("POST", "/agent/heartbeat", session, beat)),
    reportNotice: async (session: string, notice: InstanceNotice) =>
      void noticeAck.parse(await post("/agent/notice", session, notice)),
    appendEvents: async (session: string, batch: EventBatch) =>
      eventAck.parse(await post("/agent/events", session, batch)),
    reportResult: async (session: string, result: RunResult) =>
      resultAck.parse(await post("/agent/result", session, result)),
    persist,
    open: transport.open,
  };
}

export type DrydockClient = ReturnType<typeof createDrydockClient>;
