import type { Readable } from "node:stream";
import type { z } from "zod";
import type { AgentService } from "#grading/protocol/agent-service.ts";
import { eventBatch, heartbeat, runResult, sessionRequest, warmReport } from "#grading/protocol/messages.ts";

const mebibyte = 1024 * 1024;

/** null answers 204. */
export type Answer = { json: object | null } | { stream: Readable; bytes: number };

export interface Route {
  /** Whether the call carries a session. */
  session: boolean;
  /** Largest body taken, in bytes; 0 for calls without one. */
  maxBody: number;
  answer(service: AgentService, session: string, body: unknown): Promise<Answer>;
}

const read = (answer: (service: AgentService, session: string) => Promise<Answer>): Route => ({
  session: true,
  maxBody: 0,
  answer: (service, session) => answer(service, session),
});

const write = <Schema extends z.ZodType>(
  schema: Schema,
  maxBody: number,
  answer: (service: AgentService, session: string, body: z.output<Schema>) => Promise<object>,
): Route => ({
  session: true,
  maxBody,
  answer: async (service, session, body) => ({ json: await answer(service, session, schema.parse(body)) }),
});

/** The calls of grading/protocol/messages.ts, by method and path. */
export const routes: ReadonlyMap<string, Route> = new Map([
  [
    "POST /agent/session",
    {
      ...write(sessionRequest, 4096, (service, _session, body) => service.openSession(body.token)),
      session: false,
    },
  ],
  ["POST /agent/warm", write(warmReport, 4096, (service, session) => service.reportWarm(session))],
  ["GET /agent/run", read(async (service, session) => ({ json: await service.nextRun(session) }))],
  ["GET /agent/files/submission", read((service, session) => service.submissionBytes(session))],
  ["GET /agent/files/hidden", read((service, session) => service.hiddenBytes(session))],
  [
    "POST /agent/heartbeat",
    write(heartbeat, 4096, (service, session, body) => service.heartbeat(session, body)),
  ],
  // 500 lines of 8,192 characters, each up to four bytes and escaped.
  [
    "POST /agent/events",
    write(eventBatch, 32 * mebibyte, (service, session, body) => service.appendEvents(session, body)),
  ],
  // 200 checks of 64 KiB for staff and 24 KiB for the student.
  [
    "POST /agent/result",
    write(runResult, 64 * mebibyte, (service, session, body) => service.reportResult(session, body)),
  ],
]);
