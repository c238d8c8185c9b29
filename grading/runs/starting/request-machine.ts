import { type Launched, launchesFail, type NewMachine } from "../../machines/launching/launcher.ts";
import { moveMachine } from "../../machines/move-machine.ts";
import type { Attempt } from "../../protocol/attempt.ts";
import { moveRun } from "../move-run.ts";
import type { StartTransaction } from "./start-transaction.ts";

/** Writes the machine's row and moves the run to provisioning; false when the run is no longer this claim's. */
export async function requestMachine(
  tx: StartTransaction,
  run: Attempt,
  machine: NewMachine,
): Promise<boolean> {
  const move = await moveRun(tx, run.runId, { type: "provision", attempt: run.attempt });
  if (move.outcome !== "moved") return false;
  await tx.addMachine(machine, run);
  return true;
}

/** See LaunchPorts. Its provider launches machines like it again, whatever became of this one. */
export async function recordLaunch(
  tx: StartTransaction,
  machineId: string,
  { instanceId, offering, usdPerHour }: Launched,
): Promise<"recorded" | "ended"> {
  const move = await moveMachine(
    tx,
    machineId,
    { type: "launched", instanceId },
    {
      ...(offering && { instanceType: offering.type, zone: offering.zone, market: offering.market }),
      ...(usdPerHour !== null && { usdPerHour }),
    },
  );
  const kind = await tx.readKind(machineId);
  if (kind !== null) await tx.settleNotice(launchesFail(kind.provider, kind.machineKind));
  return move.outcome === "refused" || move.outcome === "missing" ? "ended" : "recorded";
}
