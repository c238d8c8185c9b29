import { type Command, InvalidArgumentError } from "commander";
import type { ExitCode } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** `drydock fleet …`: machines, whatever makes them. */
export function addFleet(root: Command, terminal: Terminal, keep: (code: ExitCode) => void) {
  root
    .command("fleet")
    .description("machines, whatever makes them (DRYDOCK_PROVIDER)")
    .command("reap")
    .description("end the machines of an installation that are past their lease; needs no database")
    .option("--installation <id>", "whose machines; DRYDOCK_INSTALLATION when not given")
    .option("--region <region>", "AWS region of machines on EC2; AWS_REGION when not given")
    .option("--dry-run", "list them, and end none", false)
    .option("--watch <seconds>", "go on until it is stopped, with a pause of so many seconds", pause)
    .option("--json", "print one line of JSON each time", false)
    .action(async (options) => {
      const { fleetReap } = await import("./commands/fleet-reap.ts");
      keep(await fleetReap(terminal, options));
    });
}

function pause(text: string): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds < 1) throw new InvalidArgumentError("It must be a whole number of seconds from 1 to 99999.");
  return seconds;
}
