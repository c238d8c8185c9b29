import { hostname, userInfo } from "node:os";
import { checkReason } from "#course/check-reason.ts";
import type { FleetAct } from "#grading/machines/acts/fleet-act.ts";
import { workingStates } from "#grading/machines/machine-state.ts";
import { systemClock } from "#infra/clock/clock.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { createFleetSwitch, type FleetSwitch } from "#infra/db/machines/fleet-switch.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import { count } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { withInstallation } from "../with-database.ts";

export interface FleetOptions {
  reason: string;
  by?: string;
}

/** `drydock fleet stop`: from now on no machine is started, whichever worker runs. */
export async function fleetStop(terminal: Terminal, options: FleetOptions): Promise<ExitCode> {
  const { outcome, fleet } = await act(options, (fleet, given) => fleet.stop(given, { drain: false }));
  terminal.out.write(
    outcome === "stopped"
      ? `${fleet}: no machine is started from now on. What runs goes on; runs wait until \`drydock fleet resume\`.\n`
      : `${fleet}: it was stopped already; nothing was changed.\n`,
  );
  return exitCode.ok;
}

/** `drydock fleet resume`: machines are started again. */
export async function fleetResume(terminal: Terminal, options: FleetOptions): Promise<ExitCode> {
  const { outcome, fleet } = await act(options, (fleet, given) => fleet.resume(given));
  terminal.out.write(
    outcome === "resumed"
      ? `${fleet}: machines are started again; runs that wait start by themselves.\n`
      : `${fleet}: it was not stopped; nothing was changed.\n`,
  );
  return exitCode.ok;
}

/** fleet: whose it is and how much is in it, so that nobody takes another for it. */
async function act<Outcome extends object>(
  { reason: text, by }: FleetOptions,
  work: (fleet: FleetSwitch, given: FleetAct) => Promise<Outcome>,
): Promise<Outcome & { fleet: string }> {
  const checked = checkReason(text);
  if ("message" in checked) throw new CommandFailure(exitCode.badInput, checked.message);
  return withInstallation(async (db, { deployment }, installation) => {
    const who = by === undefined ? thisUser() : await findPerson(db, by);
    const outcome = await work(createFleetSwitch(db, systemClock), { ...who, reason: checked.reason });
    const machines = await db.machine.count({ where: { state: { in: [...workingStates] } } });
    const waiting = await db.run.count({ where: { state: "queued" } });
    const now = `${count(machines, "machine")}, ${count(waiting, "run")} waiting`;
    return { ...outcome, fleet: `Fleet of ${deployment} (${installation}; ${now})` };
  });
}

const thisUser = () => ({ userId: null, by: `${userInfo().username} at ${hostname()}` });

async function findPerson(db: Db, email: string): Promise<Pick<FleetAct, "userId" | "by">> {
  const user = await db.user.findUnique({
    where: { email: email.toLowerCase() },
    include: { enrollments: { where: { role: { in: ["ta", "instructor"] } } } },
  });
  if (user === null) throw new CommandFailure(exitCode.badInput, `Nobody has an account as ${email}.`);
  if (user.enrollments.length === 0)
    throw new CommandFailure(
      exitCode.badInput,
      `${email} is staff of no course, and only staff stop the fleet.`,
    );
  return { userId: user.id, by: user.name };
}
