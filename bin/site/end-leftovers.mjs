// Plain Node, because one of these waits beside every site and must cost little: `end-leftovers.mjs HOLD_FILE` waits
// until its standard input ends, as it does when the supervisor dies, then ends the parts of the site that the file
// names. A supervisor that ends in order ends this too.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { isStillAlive } from "./process-born.mjs";

const graceMs = 20_000;
const lookMs = 50;

process.stdin.resume();
process.stdin.once("end", endParts);

async function endParts() {
  // Last started, first ended: the database outlives those who write to it.
  for (const part of readParts().reverse()) await endPart(part);
  process.exit(0);
}

/** Read only now: parts were added while we waited. No file: the site has ended in order. */
function readParts() {
  try {
    return JSON.parse(readFileSync(process.argv[2], "utf8")).parts;
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

async function endPart(part) {
  signal(part, part.signal);
  for (let waited = 0; isStillAlive(part) && waited < graceMs; waited += lookMs) await pause(lookMs);
  signal(part, "SIGKILL");
  while (isStillAlive(part)) await pause(lookMs);
}

function signal(part, name) {
  if (!isStillAlive(part)) return;
  try {
    process.kill(part.pid, name);
  } catch (error) {
    // It ended in this very moment.
    if (error.code !== "ESRCH") throw error;
  }
}
