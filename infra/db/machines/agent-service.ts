import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { AgentPorts, AgentRows, AgentTransaction } from "#grading/machines/answering/agent-ports.ts";
import { answerAgents } from "#grading/machines/answering/answer-agents.ts";
import type { AgentService } from "#grading/protocol/agent-service.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { resultTransaction } from "../runs/result-transaction.ts";
import type { MoveContext, Mover } from "./fleet-mover.ts";
import { hashSecret, makeSecret } from "./fleet-secrets.ts";
import { rowOf } from "./machine-transaction.ts";

export interface AgentServiceParts extends Pick<AgentPorts, "files" | "clock" | "onMismatch"> {
  db: Db;
  mover: Mover;
}

/** The agent service on the database. */
export function createAgentService({ db, mover, ...parts }: AgentServiceParts): AgentService {
  return answerAgents({
    ...parts,
    rows: agentRows(db),
    transact: (work) => mover((context) => work(agentTransaction(context))),
    secrets: { make: makeSecret, hash: hashSecret },
  });
}

function agentTransaction(context: MoveContext): AgentTransaction {
  const { tx } = context;
  return {
    ...resultTransaction(context),
    findByToken: async (tokenHash) => {
      const machine = await tx.machine.findUnique({ where: { tokenHash } });
      return machine && rowOf(machine);
    },
    readOrder: async (runId) => {
      const run = await tx.run.findUnique({
        where: { id: runId },
        include: { submission: true, exerciseVersion: true },
      });
      if (run === null) return null;
      const { state, attempt, submission, exerciseVersion } = run;
      const { fileName, sha256, bytes } = submission;
      return {
        ...{ state, attempt, hiddenKey: exerciseVersion.hiddenKey },
        spec: storedSpec.read(exerciseVersion.spec),
        submission: { fileName, sha256, bytes: Number(bytes) },
      };
    },
  };
}

function agentRows(db: Db): AgentRows {
  return {
    findBySession: async (sessionHash) => {
      const machine = await db.machine.findUnique({ where: { sessionHash } });
      return machine && rowOf(machine);
    },
    readStanding: (id) => db.run.findUnique({ where: { id }, select: { state: true, attempt: true } }),
    readFiles: async (id) => {
      const run = await db.run.findUnique({
        where: { id },
        select: {
          ...{ state: true, attempt: true },
          submission: { select: { storageKey: true } },
          exerciseVersion: { select: { hiddenKey: true } },
        },
      });
      if (run === null) return null;
      const { submission, exerciseVersion, ...standing } = run;
      return { ...standing, submissionKey: submission.storageKey, hiddenKey: exerciseVersion.hiddenKey };
    },
    recordBeat: async (id, states, heartbeatAt) => {
      await db.machine.updateMany({ where: { id, state: { in: [...states] } }, data: { heartbeatAt } });
    },
  };
}
