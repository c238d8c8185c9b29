import type { HeartbeatReply } from "#grading/protocol/messages.ts";
import type { RunState } from "#grading/runs/run-state.ts";
import type { MachineState } from "../machine-state.ts";
import type { MachineRow } from "../machine-transaction.ts";
import type { AgentRows } from "./agent-ports.ts";
import { isOver } from "./find-seat.ts";

/** States in which a machine is heard. */
const heardIn: readonly MachineState[] = ["ready", "assigned"];
/** States of a run that still wants its machine, or that it may report to once more. */
const wantedIn: readonly RunState[] = ["provisioning", "running", "scoring", "graded"];

/** cancel: the machine is not wanted, or its run is not under way any more, so it must stop and power off. */
export async function answerHeartbeat(rows: AgentRows, seat: MachineRow, now: Date): Promise<HeartbeatReply> {
  await rows.recordBeat(seat.id, heardIn, now);
  const leaseUntil = seat.status.leaseUntil.toISOString();
  if (seat.run === null) return { leaseUntil, cancel: isOver(seat) };
  const run = await rows.readStanding(seat.run.runId);
  const wanted = run !== null && run.attempt === seat.run.attempt && wantedIn.includes(run.state);
  return { leaseUntil, cancel: !wanted || seat.status.state === "terminated" };
}
