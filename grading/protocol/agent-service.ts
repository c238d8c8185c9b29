import type { Readable } from "node:stream";
import type {
  EventAck,
  EventBatch,
  FileLink,
  Heartbeat,
  HeartbeatReply,
  InstanceNotice,
  ResultAck,
  RunFile,
  RunOrder,
  RunResult,
  SessionGrant,
} from "./messages.ts";

/**
 * What answers the agent, behind HTTP (infra/agent-gateway). Two implement it: the database-backed one of the
 * worker, and the one-run one in memory of `drydock grade`. Every method but openSession takes the session as it
 * came in the Authorization header and throws AgentRefusal when it is not the machine's own.
 */
export interface AgentService {
  /** Asked before a call's body is read. assigned: the machine has its run. */
  admit(session: string): Promise<{ assigned: boolean }>;
  /** The token dies with the first call that succeeds. */
  openSession(token: string): Promise<SessionGrant>;
  /** The Kubernetes that the grant asked for runs and sleeps. */
  reportWarm(session: string): Promise<object>;
  /** null while nothing is assigned. Asking again returns the same order. */
  nextRun(session: string): Promise<RunOrder | null>;
  submissionBytes(session: string): Promise<{ stream: Readable; bytes: number }>;
  hiddenBytes(session: string): Promise<{ stream: Readable; bytes: number }>;
  /** A new one each time. null: machines do not reach where the files lie, and ask for the bytes here. */
  fileLink(session: string, file: RunFile): Promise<FileLink | null>;
  heartbeat(session: string, beat: Heartbeat): Promise<HeartbeatReply>;
  /** Events already known are skipped; a gap answers with the seq to resend from. */
  appendEvents(session: string, batch: EventBatch): Promise<EventAck>;
  /** Idempotent. */
  takeNotice(session: string, notice: InstanceNotice): Promise<object>;
  /** Idempotent: the same result twice is accepted twice and counted once. */
  reportResult(session: string, result: RunResult): Promise<ResultAck>;
}

/** 401: unknown or ended session. 409: the attempt is over for this machine. Both mean: power off. */
export class AgentRefusal extends Error {
  override readonly name = "AgentRefusal";
  constructor(
    readonly status: 401 | 404 | 409,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
