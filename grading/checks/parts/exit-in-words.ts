import type { ContainerExit } from "../define-check.ts";
import type { SandboxSettings } from "./settings.ts";

/** How a container ended, by what it did rather than by a number alone. */
export function exitInWords(exit: ContainerExit, seconds: number, sandbox: SandboxSettings): string {
  if (exit.flooded) return "It wrote more than 16 MiB of output and was ended.";
  if (exit.timedOut && !forksRefused.test(exit.output))
    return `It was still running after ${seconds} s and was ended.`;
  const status = `It ended with exit status ${exit.exitCode}`;
  if (forksRefused.test(exit.output))
    return `${exit.timedOut ? `It was still running after ${seconds} s and was ended` : status}, and it had wanted more than its ${sandbox.pids} processes at once.`;
  if (exit.oomKilled)
    return `${status}, and the system had ended a process of it for taking more than its ${sandbox.memoryMiB} MiB of memory.`;
  const meaning = meanings.get(exit.exitCode);
  return meaning ? `${status}: ${meaning}.` : `${status}.`;
}

const forksRefused = /can't fork|cannot fork|fork: retry|fork: Resource temporarily unavailable/i;

const meanings = new Map<number, string>([
  [126, "the program is there but may not be executed"],
  [127, "the program was not found"],
  [132, "illegal instruction"],
  [134, "it aborted itself"],
  [137, "it was killed"],
  [139, "segmentation fault"],
  [143, "it was asked to end"],
  [153, "it wrote a file larger than allowed"],
]);

/** What to do about an end that was not by the program's own will; null when it was. */
export function fixForExit(exit: ContainerExit, sandbox: SandboxSettings): string | null {
  if (exit.flooded) return "Write less; an endless loop that prints is the usual cause.";
  if (exit.oomKilled) return `Make it use less than ${sandbox.memoryMiB} MiB of memory.`;
  if (forksRefused.test(exit.output))
    return `Make it run no more than ${sandbox.pids} processes and threads at once.`;
  if (exit.timedOut) return "Make the program end by itself; a server in the foreground never does.";
  if (exit.exitCode === 127) return "Check the path and spelling of the program in CMD or ENTRYPOINT.";
  if (exit.exitCode === 126) return "Make the file executable (chmod +x) or call it through its interpreter.";
  if (exit.exitCode === 153) return "Write smaller files, and only below /tmp.";
  if (/read-only file system/i.test(exit.output) && !sandbox.writable)
    return "The container's file system is read-only here; write below /tmp only.";
  return null;
}
