import type { AgentPorts } from "./agent-ports.ts";
import { attemptOver, takenSeat } from "./find-seat.ts";

/** Files are for the machine whose run is under way; any other is sent home. */
export async function findFiles(
  ports: AgentPorts,
  session: string,
): Promise<{ submissionKey: string; hiddenKey: string }> {
  const seat = await takenSeat(ports, session);
  const run = await ports.rows.readFiles(seat.run.runId);
  const underWay = run !== null && run.state === "running" && run.attempt === seat.run.attempt;
  if (!underWay || seat.status.state !== "assigned") throw attemptOver(seat);
  return run;
}
