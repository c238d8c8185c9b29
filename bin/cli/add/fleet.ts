import { type Command, InvalidArgumentError } from "commander";
import type { ExitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** `drydock fleet …`: machines, whatever makes them. */
export function addFleet(root: Command, terminal: Terminal, keep: (code: ExitCode) => void) {
  const fleet = root.command("fleet").description("machines, whatever makes them (DRYDOCK_PROVIDER)");
  fleet
    .command("reap")
    .description("end the machines of an installation that are past their lease; needs no database")
    .option("--installation <id>", "whose machines; DRYDOCK_INSTALLATION when not given")
    .option("--region <region>", "AWS region of machines on EC2; AWS_REGION when not given")
    .option("--dry-run", "list them, and end none", false)
    .option("--watch <seconds>", "go on until it is stopped, with a pause of so many seconds", pause)
    .option("--json", "print one line of JSON each time", false)
    .action(async (options) => {
      const { fleetReap } = await import("../commands/fleet-reap.ts");
      keep(await fleetReap(terminal, options));
    });
  const audited = (name: string, description: string) =>
    fleet
      .command(name)
      .description(description)
      .requiredOption("--reason <text>", "why, one sentence; kept in the audit")
      .option("--by <email>", "whose account does it; without it the audit names this computer's user");
  audited("stop", "start no more machines; what runs goes on, and runs wait in the queue").action(
    async (options: { reason: string; by?: string }) => {
      const { fleetStop } = await import("../commands/fleet-stop.ts");
      keep(await fleetStop(terminal, options));
    },
  );
  audited("resume", "start machines again").action(async (options: { reason: string; by?: string }) => {
    const { fleetResume } = await import("../commands/fleet-stop.ts");
    keep(await fleetResume(terminal, options));
  });
}

function pause(text: string): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds < 1) throw new InvalidArgumentError("It must be a whole number of seconds from 1 to 99999.");
  return seconds;
}
