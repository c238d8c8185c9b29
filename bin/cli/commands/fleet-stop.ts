import { hostname, userInfo } from "node:os";
import { checkReason } from "#course/check-reason.ts";
import type { FleetAct } from "#grading/machines/acts/fleet-act.ts";
import { systemClock } from "#infra/clock/clock.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { createFleetSwitch, type FleetSwitch } from "#infra/db/machines/fleet-switch.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import { withDatabase } from "../with-database.ts";

export interface FleetOptions {
  reason: string;
  by?: string;
}

/** `drydock fleet stop`: from now on no machine is started, whichever worker runs. */
export async function fleetStop(terminal: Terminal, options: FleetOptions): Promise<ExitCode> {
  const { outcome } = await act(options, (fleet, given) => fleet.stop(given, { drain: false }));
  terminal.out.write(
    outcome === "stopped"
      ? "No machine is started from now on. What runs goes on; runs wait until `drydock fleet resume`.\n"
      : "The fleet was stopped already; nothing was changed.\n",
  );
  return exitCode.ok;
}

/** `drydock fleet resume`: machines are started again. */
export async function fleetResume(terminal: Terminal, options: FleetOptions): Promise<ExitCode> {
  const { outcome } = await act(options, (fleet, given) => fleet.resume(given));
  terminal.out.write(
    outcome === "resumed"
      ? "Machines are started again; runs that wait start by themselves.\n"
      : "The fleet was not stopped; nothing was changed.\n",
  );
  return exitCode.ok;
}

async function act<Outcome>(
  { reason: text, by }: FleetOptions,
  work: (fleet: FleetSwitch, given: FleetAct) => Promise<Outcome>,
): Promise<Outcome> {
  const checked = checkReason(text);
  if ("message" in checked) throw new CommandFailure(exitCode.badInput, checked.message);
  return withDatabase(async (db) => {
    const who = by === undefined ? thisUser() : await findPerson(db, by);
    return work(createFleetSwitch(db, systemClock), { ...who, reason: checked.reason });
  });
}

const thisUser = () => ({ userId: null, by: `${userInfo().username} at ${hostname()}` });

async function findPerson(db: Db, email: string): Promise<Pick<FleetAct, "userId" | "by">> {
  const user = await db.user.findUnique({ where: { email: email.toLowerCase() } });
  if (user === null) throw new CommandFailure(exitCode.badInput, `Nobody has an account as ${email}.`);
  return { userId: user.id, by: user.name };
}
