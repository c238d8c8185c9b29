import type { Command } from "commander";
import type { ExitCode } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** `drydock fleet …`: what whoever runs Drydock does to all machines. */
export function addFleet(root: Command, terminal: Terminal, keep: (code: ExitCode) => void) {
  const fleet = root.command("fleet").description("all machines of this Drydock");
  const audited = (name: string, description: string) =>
    fleet
      .command(name)
      .description(description)
      .requiredOption("--reason <text>", "why, one sentence; kept in the audit")
      .option("--by <email>", "whose account does it; without it the audit names this computer's user");
  audited("stop", "start no more machines; what runs goes on, and runs wait in the queue").action(
    async (options: { reason: string; by?: string }) => {
      const { fleetStop } = await import("./commands/fleet-stop.ts");
      keep(await fleetStop(terminal, options));
    },
  );
  audited("resume", "start machines again").action(async (options: { reason: string; by?: string }) => {
    const { fleetResume } = await import("./commands/fleet-stop.ts");
    keep(await fleetResume(terminal, options));
  });
}
