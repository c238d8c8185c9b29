import type { Readable } from "node:stream";
import type { z } from "zod";
import type { AgentService } from "#grading/protocol/agent-service.ts";
import {
  eventBatch,
  heartbeat,
  instanceNotice,
  type RunFile,
  runResult,
  sessionRequest,
  warmReport,
} from "#grading/protocol/messages.ts";
import type { JsonLimits } from "./json-budget.ts";

const mebibyte = 1024 * 1024;

/** null answers 204. */
export type Answer = { json: object | null } | { stream: Readable; bytes: number };

export interface Route {
  /** Whether the call carries a session. */
  session: boolean;
  /** Largest body taken, in bytes; 0 for calls without one. */
  maxBody: number;
  json: JsonLimits;
  answer(service: AgentService, session: string, body: unknown): Promise<Answer>;
}

/** A few words of the protocol's own. */
const words: JsonLimits = { values: 20, depth: 4 };
/** 500 events of up to 20 values; an agent counts what a check shows as 120 characters a line, and sends fewer then. */
const ofEvents: JsonLimits = { values: 15_000, depth: 8 };
/** 200 checks of 180 values, and what verify-result.ts takes of timelines: 40,000 samples of 8 values, 8,000 marks of 4. */
const ofResult: JsonLimits = { values: 450_000, depth: 12 };

const read = (answer: (service: AgentService, session: string) => Promise<Answer>): Route => ({
  session: true,
  maxBody: 0,
  json: words,
  answer: (service, session) => answer(service, session),
});

const write = <Schema extends z.ZodType>(
  schema: Schema,
  { maxBody, json }: Pick<Route, "maxBody" | "json">,
  answer: (service: AgentService, session: string, body: z.output<Schema>) => Promise<object>,
): Route => ({
  session: true,
  maxBody,
  json,
  answer: async (service, session, body) => ({ json: await answer(service, session, schema.parse(body)) }),
});

const link = (file: RunFile) =>
  read(async (service, session) => ({ json: await service.fileLink(session, file) }));

const short = { maxBody: 4096, json: words };

/** The calls of grading/protocol/messages.ts, by method and path. */
export const routes: ReadonlyMap<string, Route> = new Map([
  [
    "POST /agent/session",
    {
      ...write(sessionRequest, short, (service, _session, body) => service.openSession(body.token)),
      session: false,
    },
  ],
  ["POST /agent/warm", write(warmReport, short, (service, session) => service.reportWarm(session))],
  ["GET /agent/run", read(async (service, session) => ({ json: await service.nextRun(session) }))],
  ["GET /agent/files/submission", read((service, session) => service.submissionBytes(session))],
  ["GET /agent/files/hidden", read((service, session) => service.hiddenBytes(session))],
  ["GET /agent/files/submission/link", link("submission")],
  ["GET /agent/files/hidden/link", link("hidden")],
  [
    "POST /agent/heartbeat",
    write(heartbeat, short, (service, session, body) => service.heartbeat(session, body)),
  ],
  [
    "POST /agent/notice",
    write(instanceNotice, short, (service, session, body) => service.takeNotice(session, body)),
  ],
  // An agent sends batches of half a million characters, each of which may take six bytes when it is escaped.
  [
    "POST /agent/events",
    write(eventBatch, { maxBody: 4 * mebibyte, json: ofEvents }, (service, session, body) =>
      service.appendEvents(session, body),
    ),
  ],
  // 200 checks of 64 KiB for staff and 24 KiB for the student, and what an agent shows of a run at most: 2 Mi characters
  // of up to three bytes.
  [
    "POST /agent/result",
    write(runResult, { maxBody: 40 * mebibyte, json: ofResult }, (service, session, body) =>
      service.reportResult(session, body),
    ),
  ],
]);
