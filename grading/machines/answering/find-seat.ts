import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import { type MachineState, workingStates } from "../machine-state.ts";
import type { MachineRow } from "../machine-transaction.ts";
import type { AgentPorts } from "./agent-ports.ts";

/** A session's machine that has its run. One of the pool has none until one takes it; none ever has a second. */
export type TakenSeat = MachineRow & { run: NonNullable<MachineRow["run"]> };

export async function findSeat({ rows, secrets }: AgentPorts, session: string): Promise<MachineRow> {
  const seat = await rows.findBySession(secrets.hash(session));
  if (seat === null) throw new AgentRefusal(401, "session-unknown", "The session is unknown.");
  return seat;
}

export const hasRun = (seat: MachineRow): seat is TakenSeat => seat.run !== null;

export async function takenSeat(ports: AgentPorts, session: string): Promise<TakenSeat> {
  const seat = await findSeat(ports, session);
  if (!hasRun(seat)) throw new AgentRefusal(409, "no-run", "This machine has no run yet.");
  return seat;
}

/** Its work is over, whatever it does. */
export const isOver = ({ status }: MachineRow) =>
  !(workingStates as readonly MachineState[]).includes(status.state);

export const attemptOver = ({ run }: TakenSeat) =>
  new AgentRefusal(409, "attempt-over", `Attempt ${run.attempt} of this run is over for this machine.`);
