import type { ContainerExit, ContainerRefusals } from "../define-check.ts";
import type { SandboxSettings } from "../settings/settings.ts";

/** How a container ended, by what it did rather than by a number alone. */
export function exitInWords(exit: ContainerExit, seconds: number, sandbox: SandboxSettings): string {
  const ended = exit.flooded
    ? "It wrote more than the 16 MiB of output that it may, and was ended"
    : exit.timedOut
      ? `It was still running after ${seconds} s and was ended`
      : `It ended with exit status ${exit.exitCode}`;
  const refused = refusalsInWords(exit, sandbox);
  if (refused !== null) return `${ended}, and ${refused}.`;
  const meaning = exit.flooded || exit.timedOut ? undefined : meanings.get(exit.exitCode);
  return meaning ? `${ended}: ${meaning}.` : `${ended}.`;
}

/** What the system refused a container, with its limits, as the end of a sentence; null when nothing. */
export function refusalsInWords(refused: ContainerRefusals, sandbox: SandboxSettings): string | null {
  const told: string[] = [];
  if (refused.forksRefused)
    told.push(`it had wanted more than the ${sandbox.pids} processes and threads at once that it may have`);
  if (refused.oomKilled)
    told.push(
      `the system had ended a process of it for taking more than the ${sandbox.memoryMiB} MiB of memory that it may have`,
    );
  return told.length > 0 ? told.join(", and ") : null;
}

/** What to do about what the system refused; null when it refused nothing. */
export function fixForRefusals(refused: ContainerRefusals, sandbox: SandboxSettings): string | null {
  if (refused.forksRefused) return `Make it run no more than ${sandbox.pids} processes and threads at once.`;
  return refused.oomKilled ? `Make it use less than ${sandbox.memoryMiB} MiB of memory.` : null;
}

/** 128 and the number of a signal: that signal ended it. */
const meanings = new Map<number, string>([
  [126, "the program is there but may not be executed"],
  [127, "the program was not found"],
  [129, "signal 1 (hang-up) ended it"],
  [130, "signal 2 (interrupt) ended it"],
  [131, "signal 3 (quit) ended it"],
  [132, "signal 4 (illegal instruction) ended it"],
  [133, "signal 5 (trap) ended it"],
  [134, "signal 6 (abort) ended it: it gave up by itself"],
  [135, "signal 7 (bus error) ended it"],
  [136, "signal 8 (arithmetic error, such as a division by zero) ended it"],
  [137, "signal 9 (kill) ended it"],
  [139, "signal 11 (segmentation fault) ended it: it used memory that is not its own"],
  [141, "signal 13 (broken pipe) ended it"],
  [143, "signal 15 (termination) ended it"],
  [153, "signal 25 ended it: it wrote a file larger than the 256 MiB that it may"],
]);

/** What an exit status means when it is not a program's own choice, as a sentence's end; null when it may be. */
export const meaningOfStatus = (exitCode: number): string | null => meanings.get(exitCode) ?? null;

/** What to do about an end that was not by the program's own will; null when it was. */
export function fixForExit(exit: ContainerExit, sandbox: SandboxSettings): string | null {
  const fix = fixForRefusals(exit, sandbox);
  if (fix !== null) return fix;
  if (exit.flooded) return "Write less; an endless loop that prints is the usual cause.";
  if (exit.timedOut) return "Make the program end by itself; a server in the foreground never does.";
  if (exit.exitCode === 139 || exit.exitCode === 135)
    return "Run it under a debugger or with a sanitizer: it reads or writes where it may not.";
  if (exit.exitCode === 127) return "Check the path and spelling of the program in CMD or ENTRYPOINT.";
  if (exit.exitCode === 126) return "Make the file executable (chmod +x) or call it through its interpreter.";
  if (exit.exitCode === 153) return "Write smaller files, and only below /tmp.";
  if (/read-only file system/i.test(exit.output) && !sandbox.writable)
    return "The container's file system is read-only here; write below /tmp only.";
  return null;
}
