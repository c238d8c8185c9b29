import { CommanderError } from "commander";
import { AppError } from "#course/errors.ts";
import { ConfigError } from "#infra/config/config.ts";
import { CommandFailure, exitCode } from "./exit.ts";
import { createProgram } from "./program.ts";
import { paint, processTerminal, type Terminal } from "./terminal.ts";

/** Runs one command of the command line and gives its exit status; everything that goes wrong is one sentence. */
export async function main(argv: string[]): Promise<number> {
  const terminal = processTerminal();
  const program = createProgram(terminal);
  try {
    await program.parseAsync(argv);
    return program.result;
  } catch (error) {
    // Commander has printed help or the usage error itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.badInput;
    const verbose = argv.includes("--verbose");
    terminal.err.write(`${describe(terminal, error, verbose)}\n`);
    if (error instanceof CommandFailure) return error.exitCode;
    return error instanceof ConfigError ? exitCode.badInput : exitCode.platformFault;
  }
}

function describe(terminal: Terminal, error: unknown, verbose: boolean): string {
  if (verbose && error instanceof Error) return error.stack ?? error.message;
  if (error instanceof CommandFailure) {
    // Several problems of an exercise stand one a line, ready for an editor to jump to.
    return error.message.includes("\n") || /:\d+: /.test(error.message)
      ? error.message
      : `${paint(terminal.err, "red", "drydock:")} ${error.message}`;
  }
  if (error instanceof AppError) return `${paint(terminal.err, "red", "drydock:")} ${error.userMessage}`;
  const message = error instanceof Error ? error.message : String(error);
  return `${paint(terminal.err, "red", "drydock:")} ${message} (--verbose shows where)`;
}
