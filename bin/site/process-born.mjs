import { readFileSync } from "node:fs";

/**
 * When a process was born, in the system's own count: with its number it names one process for good, as a number
 * alone is given out again. "ended" when there is none (or only what its parent has not taken note of yet), null where
 * the system does not say.
 * @param {number} pid
 * @returns {string | null}
 */
export function processBorn(pid) {
  if (process.platform === "linux") return bornOnLinux(pid);
  try {
    process.kill(pid, 0);
    return null;
  } catch (error) {
    return error.code === "ESRCH" ? "ended" : null;
  }
}

/** The 22nd field of /proc/PID/stat (proc(5)); the second, the program's name, may hold anything. */
function bornOnLinux(pid) {
  try {
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return state === "Z" ? "ended" : fields[18];
  } catch {
    return "ended";
  }
}

/**
 * Whether the process that was recorded with its birth still lives.
 * @param {{ pid: number, born: string | null }} recorded
 */
export function isStillAlive({ pid, born }) {
  const now = processBorn(pid);
  return now !== "ended" && (born === null || now === null || born === now);
}
