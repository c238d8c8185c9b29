import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import { appendEvents } from "#grading/runs/results/append-events.ts";
import { takeResult } from "#grading/runs/results/take-result.ts";
import type { FileStore } from "#grading/submissions/ports.ts";
import { moveMachine } from "../move-machine.ts";
import type { AgentPorts } from "./agent-ports.ts";
import { answerHeartbeat } from "./answer-heartbeat.ts";
import { answerNotice } from "./answer-notice.ts";
import { findFiles } from "./find-files.ts";
import { attemptOver, findSeat, hasRun, isOver, takenSeat } from "./find-seat.ts";
import { giveOrder } from "./give-order.ts";
import { openSession } from "./open-session.ts";

/** To begin a download in; a machine whose link has expired asks for another. */
const linkSeconds = 300;

/** The agent service of the worker. What every machine is told and believed is decided here. */
export function answerAgents(ports: AgentPorts): AgentService {
  const { rows, transact, secrets, files, clock } = ports;
  return {
    admit: async (session) => ({ assigned: (await findSeat(ports, session)).status.state === "assigned" }),

    openSession: (token) => transact((tx) => openSession(tx, secrets, token)),

    reportWarm: async (session) => {
      const { id } = await findSeat(ports, session);
      await transact((tx) => moveMachine(tx, id, { type: "warmed" }));
      return {};
    },

    nextRun: async (session) => {
      const seat = await findSeat(ports, session);
      if (!hasRun(seat)) {
        if (isOver(seat)) throw sentHome();
        return null;
      }
      const order = await transact((tx) => giveOrder(tx, seat));
      if (order === null) throw attemptOver(seat);
      const { hiddenKey, ...rest } = order;
      return { ...rest, hidden: { bytes: await sizeOf(files, hiddenKey) } };
    },

    submissionBytes: async (session) => files.get((await findFiles(ports, session)).submissionKey),

    hiddenBytes: async (session) => files.get((await findFiles(ports, session)).hiddenKey),

    fileLink: async (session, file) => {
      const { submissionKey, hiddenKey } = await findFiles(ports, session);
      if (files.presign === undefined) return null;
      const key = file === "hidden" ? hiddenKey : submissionKey;
      const { url } = await files.presign({ key, method: "GET", expiresSeconds: linkSeconds });
      return { url };
    },

    heartbeat: async (session) => answerHeartbeat(rows, await findSeat(ports, session), clock()),

    takeNotice: async (session, notice) => {
      const { id } = await findSeat(ports, session);
      await transact((tx) => answerNotice(tx, id, notice));
      return {};
    },

    appendEvents: async (session, batch) => {
      const { run } = await takenSeat(ports, session);
      return transact((tx) => appendEvents(tx, run, batch));
    },

    reportResult: async (session, result) => {
      const { id: machineId, run } = await takenSeat(ports, session);
      const reported = await transact((tx) => takeResult(tx, run, result));
      if (reported.outcome === "mismatch") {
        ports.onMismatch({ machineId, runId: run.runId, why: reported.why });
        throw new AgentRefusal(409, "result-mismatch", "The result does not fit the exercise.");
      }
      return { accepted: true };
    },
  };
}

const sentHome = () => new AgentRefusal(409, "not-wanted", "This machine is not wanted any more.");

async function sizeOf(files: FileStore, key: string): Promise<number> {
  const { stream, bytes } = await files.get(key);
  stream.destroy();
  return bytes;
}
