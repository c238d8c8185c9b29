import { randomBytes, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { AgentRefusal, type AgentService } from "./agent-service.ts";
import type { RunOrder, RunResult, SequencedEvent } from "./messages.ts";

export interface OneRun {
  order: RunOrder;
  /** The one-time token that the machine was given. */
  token: string;
  machineId: string;
  /** The archive that order.submission describes. */
  submissionPath: string;
  /** The tar that order.hidden describes; null when the exercise has no hidden files (order.hidden.bytes is 0). */
  hiddenPath: string | null;
  /** Each event once, in order. */
  onEvent(event: SequencedEvent): void;
  /** Once. */
  onResult(result: RunResult): void;
}

/** Answers one machine about one run, in memory: no database, no queue. cancel() ends the run at the next heartbeat. */
export function createOneRunService(run: OneRun): AgentService & { cancel(): void } {
  let session: string | null = null;
  let nextSeq = 1;
  let cancelled = false;
  let reported = false;

  function admit(given: string): void {
    if (session === null || !same(given, session))
      throw new AgentRefusal(401, "unknown-session", "This session is not the run's own.");
  }

  return {
    cancel() {
      cancelled = true;
    },
    async admit(given) {
      admit(given);
      return { assigned: true };
    },
    async openSession(token) {
      if (session !== null || !same(token, run.token))
        throw new AgentRefusal(
          401,
          "unknown-token",
          "This token is not the machine's own or was used before.",
        );
      session = randomBytes(32).toString("base64url");
      return { session, machineId: run.machineId, warmUp: null };
    },
    async reportWarm() {
      throw new AgentRefusal(409, "not-asked", "This machine was not asked to warm up.");
    },
    async nextRun(given) {
      admit(given);
      return run.order;
    },
    async submissionBytes(given) {
      admit(given);
      return openFile(run.submissionPath);
    },
    async hiddenBytes(given) {
      admit(given);
      return run.hiddenPath === null ? { stream: Readable.from([]), bytes: 0 } : openFile(run.hiddenPath);
    },
    async fileLink(given) {
      // Its files lie on the disk of whoever runs it.
      admit(given);
      return null;
    },
    async heartbeat(given) {
      admit(given);
      return { leaseUntil: run.order.leaseUntil, cancel: cancelled };
    },
    async appendEvents(given, batch) {
      admit(given);
      for (const event of batch.events) {
        if (event.seq > nextSeq) break;
        if (event.seq < nextSeq) continue;
        nextSeq += 1;
        run.onEvent(event);
      }
      return { nextSeq };
    },
    async takeNotice(given) {
      // Its only machine is watched by whoever launched it.
      admit(given);
      return {};
    },
    async reportResult(given, result) {
      admit(given);
      if (result.runId !== run.order.runId || result.attempt !== run.order.attempt)
        throw new AgentRefusal(409, "other-attempt", "This result is of another run or attempt.");
      if (!reported) {
        reported = true;
        run.onResult(result);
      }
      return { accepted: true };
    },
  };
}

async function openFile(path: string) {
  return { stream: createReadStream(path), bytes: (await stat(path)).size };
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
