import type { Clock } from "#course/clock.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { endMachine } from "#grading/machines/ending/end-machine.ts";
import { type MachineState, workingStates } from "#grading/machines/machine-state.ts";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import type { HeartbeatReply, RunOrder, SessionGrant } from "#grading/protocol/messages.ts";
import { exerciseUnreadable } from "#grading/runs/exercise-unreadable.ts";
import { appendEvents } from "#grading/runs/results/append-events.ts";
import { takeResult } from "#grading/runs/results/take-result.ts";
import type { FileStore } from "#grading/submissions/ports.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { resultTransaction } from "../runs/result-transaction.ts";
import { lockRun, moveRun } from "../runs/run-store.ts";
import { endTransaction } from "./end-transaction.ts";
import type { MoveContext, Mover } from "./fleet-mover.ts";
import { hashSecret, makeSecret } from "./fleet-secrets.ts";
import { moveMachine } from "./machine-store.ts";

export interface AgentServiceParts {
  db: Db;
  mover: Mover;
  files: FileStore;
  clock: Clock;
  /** Told about results that a machine must not send; why is for the log. */
  onMismatch: (mismatch: { machineId: string; runId: string; why: string }) => void;
}

/** A session's machine. One of the pool has no run until one takes it; none ever has a second. */
interface Seat {
  machineId: string;
  state: MachineState;
  run: { id: string; attempt: number } | null;
  leaseUntil: Date;
}

type TakenSeat = Seat & { run: NonNullable<Seat["run"]> };

/** The agent service on the database. What every machine is told and believed is decided here. */
export function createAgentService(parts: AgentServiceParts): AgentService {
  const { db, mover, clock } = parts;
  return {
    admit: async (session) => ({ assigned: (await findSeat(db, session)).state === "assigned" }),

    openSession: (token) => mover((context) => openSession(context, token)),

    reportWarm: async (session) => {
      const { machineId } = await findSeat(db, session);
      await mover((context) => moveMachine(context, machineId, { type: "warmed" }));
      return {};
    },

    nextRun: async (session) => {
      const seat = await findSeat(db, session);
      if (!hasRun(seat)) {
        if (isOver(seat)) throw sentHome();
        return null;
      }
      const order = await mover((context) => giveOrder(context, seat));
      if (order === null) throw attemptOver(seat);
      const { hiddenKey, ...rest } = order;
      return { ...rest, hidden: { bytes: await sizeOf(parts.files, hiddenKey) } };
    },

    submissionBytes: async (session) => {
      const { submission } = await assignedRun(db, session);
      return parts.files.get(submission.storageKey);
    },

    hiddenBytes: async (session) => {
      const { exerciseVersion } = await assignedRun(db, session);
      return parts.files.get(exerciseVersion.hiddenKey);
    },

    heartbeat: async (session) => answerHeartbeat(db, await findSeat(db, session), clock()),

    appendEvents: async (session, batch) => {
      const seat = await takenSeat(db, session);
      return mover((context) => appendEvents(resultTransaction(context), claimOf(seat), batch));
    },

    reportResult: async (session, result) => {
      const seat = await takenSeat(db, session);
      const reported = await mover((context) =>
        takeResult(resultTransaction(context), claimOf(seat), result),
      );
      if (reported.outcome === "mismatch") {
        parts.onMismatch({ machineId: seat.machineId, runId: seat.run.id, why: reported.why });
        throw new AgentRefusal(409, "result-mismatch", "The result does not fit the exercise.");
      }
      return { accepted: true };
    },
  };
}

async function openSession(context: MoveContext, token: string): Promise<SessionGrant> {
  const refusal = new AgentRefusal(401, "token-unknown", "The token is unknown or was used before.");
  const tokenHash = hashSecret(token);
  const found = await context.tx.machine.findUnique({
    where: { tokenHash },
    select: { id: true, runId: true, poolNodes: true },
  });
  if (found === null) throw refusal;
  const { token: session, hash: sessionHash } = makeSecret();
  const change = { tokenHash: null, sessionHash };
  const move = await moveMachine(context, found.id, { type: "session-opened" }, change);
  if (move.outcome !== "moved") throw refusal;
  const warmUp = found.runId === null && found.poolNodes !== null ? { nodes: found.poolNodes } : null;
  return { session, machineId: found.id, warmUp };
}

async function findSeat(db: Db, session: string): Promise<Seat> {
  const machine = await db.machine.findUnique({
    where: { sessionHash: hashSecret(session) },
    select: { id: true, state: true, runId: true, runAttempt: true, leaseUntil: true },
  });
  if (machine === null) throw new AgentRefusal(401, "session-unknown", "The session is unknown.");
  const { id, state, runId, runAttempt, leaseUntil } = machine;
  const run = runId === null || runAttempt === null ? null : { id: runId, attempt: runAttempt };
  return { machineId: id, state, run, leaseUntil };
}

const hasRun = (seat: Seat): seat is TakenSeat => seat.run !== null;

async function takenSeat(db: Db, session: string): Promise<TakenSeat> {
  const seat = await findSeat(db, session);
  if (!hasRun(seat)) throw new AgentRefusal(409, "no-run", "This machine has no run yet.");
  return seat;
}

const claimOf = ({ machineId, state, run }: TakenSeat) => ({
  machineId,
  state,
  runId: run.id,
  attempt: run.attempt,
});

/** Its work is over, whatever it does. */
const isOver = (seat: Seat) => !(workingStates as readonly MachineState[]).includes(seat.state);

const sentHome = () => new AgentRefusal(409, "not-wanted", "This machine is not wanted any more.");

const attemptOver = ({ run }: TakenSeat) =>
  new AgentRefusal(409, "attempt-over", `Attempt ${run.attempt} of this run is over for this machine.`);

/** What the transaction knows of an order; the size of the hidden files is the store's to say. */
type Order = Omit<RunOrder, "hidden"> & { hiddenKey: string };

/** null: the run is no longer this machine's, which is draining then. */
async function giveOrder(context: MoveContext, seat: TakenSeat): Promise<Order | null> {
  const { tx } = context;
  const { id: runId, attempt } = seat.run;
  await lockRun(tx, runId);
  const start = await moveRun(context, runId, { type: "start", attempt });
  const running = await tx.run.findUnique({
    where: { id: runId, attempt, state: "running" },
    include: { submission: true, exerciseVersion: true },
  });
  if (running === null) {
    await endMachine(endTransaction(context), {
      machineId: seat.machineId,
      how: "drain",
      reason: whyNot(start),
    });
    return null;
  }
  const assigned = await moveMachine(context, seat.machineId, { type: "assigned" });
  if (assigned.outcome === "refused" || assigned.outcome === "missing") {
    // Only a lease that ends in this very moment comes here: a machine that ended took its run along.
    await endMachine(endTransaction(context), {
      machineId: seat.machineId,
      how: "drain",
      reason: "The lease was over.",
    });
    return null;
  }
  const { submission, exerciseVersion } = running;
  const spec = storedSpec.read(exerciseVersion.spec);
  if (spec.outcome === "unreadable") {
    await moveRun(context, runId, exerciseUnreadable(attempt, spec.why));
    return null;
  }
  return {
    runId,
    attempt,
    spec: spec.value,
    submission: {
      fileName: submission.fileName,
      sha256: submission.sha256,
      bytes: Number(submission.bytes),
    },
    hiddenKey: exerciseVersion.hiddenKey,
    leaseUntil: seat.leaseUntil.toISOString(),
  };
}

async function sizeOf(files: FileStore, key: string): Promise<number> {
  const { stream, bytes } = await files.get(key);
  stream.destroy();
  return bytes;
}

function whyNot(move: { outcome: string; why?: string }): string {
  return move.why ?? "The run is no longer this machine's.";
}

/** Files are for the machine whose run is under way; any other is sent home. */
async function assignedRun(db: Db, session: string) {
  const seat = await takenSeat(db, session);
  const run = await db.run.findUnique({
    where: { ...seat.run, state: "running" },
    select: {
      submission: { select: { storageKey: true } },
      exerciseVersion: { select: { hiddenKey: true } },
    },
  });
  if (run === null || seat.state !== "assigned") throw attemptOver(seat);
  return run;
}

/** cancel: the machine is not wanted, or its run is not under way any more, so it must stop and power off. */
async function answerHeartbeat(db: Db, seat: Seat, now: Date): Promise<HeartbeatReply> {
  await db.machine.updateMany({
    where: { id: seat.machineId, state: { in: ["ready", "assigned"] } },
    data: { heartbeatAt: now },
  });
  const leaseUntil = seat.leaseUntil.toISOString();
  if (seat.run === null) return { leaseUntil, cancel: isOver(seat) };
  const wanted = await db.run.count({
    where: { ...seat.run, state: { in: ["provisioning", "running", "scoring", "graded"] } },
  });
  return { leaseUntil, cancel: wanted === 0 || seat.state === "terminated" };
}
