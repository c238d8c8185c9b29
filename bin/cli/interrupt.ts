import { type ExitCode, exitCode } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs work that holds a machine. Ctrl-C (or SIGTERM) aborts its signal and waits until the machine is gone;
 * a second one leaves at once, and the machine's own lease ends it.
 */
export async function untilInterrupted(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      terminal.err.write("Left without waiting; the machine ends itself when its lease is over.\n");
      process.exit(exitCode.interrupted);
    }
    terminal.err.write("Interrupted: ending the machine and what else runs; once more leaves at once …\n");
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted && isAbort(error)) return exitCode.interrupted;
    throw error;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
