import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import type { SessionGrant } from "#grading/protocol/messages.ts";
import { moveMachine } from "../move-machine.ts";
import type { AgentTransaction, Secrets } from "./agent-ports.ts";

/** Takes the one-time token for a session; a machine of the pool that has no run yet is told to warm up. */
export async function openSession(
  tx: AgentTransaction,
  secrets: Secrets,
  token: string,
): Promise<SessionGrant> {
  const refusal = new AgentRefusal(401, "token-unknown", "The token is unknown or was used before.");
  const found = await tx.findByToken(secrets.hash(token));
  if (found === null) throw refusal;
  const { token: session, hash: sessionHash } = secrets.make();
  const move = await moveMachine(tx, found.id, { type: "session-opened" }, { tokenHash: null, sessionHash });
  if (move.outcome !== "moved") throw refusal;
  const { id: machineId, machineKind, run, poolNodes: nodes } = found;
  return { session, machineId, warmUp: run === null && nodes !== null ? { machineKind, nodes } : null };
}
