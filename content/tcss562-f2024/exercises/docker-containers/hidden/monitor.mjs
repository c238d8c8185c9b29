#!/usr/bin/env node
/**
 * Runs a submitted monitor.sh on a cgroup folder whose counters grow at a rate that is drawn for this run.
 *
 *   monitor.mjs VERSION (v1 or v2)
 *
 * The student's script runs in a container, this one beside the engine: what keeps the counters growing, and how fast
 * that is, exist in no process, file or argument that the container can see. The script that reads them right is the
 * only way to know.
 */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

const [version] = process.argv.slice(2);
const { DRYDOCK_SANDBOX, DRYDOCK_SUBMISSION, DRYDOCK_RESULT } = process.env;
const image = "python:3.13-slim";
/** For how long the script is told to look. */
const lookSeconds = 2;
const limitSeconds = 15;
/** A number that is right has a few characters. */
const maxOutputChars = 64 * 1024;
const everyMs = 5;
const startNs = 8_123_456_789_000n;
/** Percent of one core, as the exercise's page says. */
const rates = { v1: [105, 196], v2: [20, 81] };

const percent = randomInt(...rates[version]);
const allowed = Math.max(4, Math.round(percent / 10));

const folder = path.resolve("cgroup");
mkdirSync(folder, { mode: 0o755 });

/** Renamed into place: a reader sees the old number or the new one, never half of it. */
function write(name, text) {
  const file = path.join(folder, name);
  writeFileSync(`${file}.new`, text, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}

function writeCounters(usedNs) {
  if (version === "v1") return write("cpuacct.usage", `${usedNs}\n`);
  const used = usedNs / 1000n;
  write(
    "cpu.stat",
    `usage_usec ${used}\nuser_usec ${used - used / 5n}\nsystem_usec ${used / 5n}\n` +
      "nr_periods 412\nnr_throttled 37\nthrottled_usec 1900211\nnr_bursts 0\nburst_usec 0\n",
  );
}

// As in the real folder of version 1: this one tells of throttling alone.
if (version === "v1") write("cpu.stat", "nr_periods 412\nnr_throttled 37\nthrottled_time 1900211000\n");
write("cgroup.procs", "4711\n");
const started = process.hrtime.bigint();
const grow = () => writeCounters(startNs + ((process.hrtime.bigint() - started) * BigInt(percent)) / 100n);
grow();
const growing = setInterval(grow, everyMs);

/** How the student's script ended; the containers of a script that is killed are removed by who runs this one. */
function runMonitor() {
  const bind = (from, to) => ["--mount", `type=bind,src=${from},dst=${to},readonly`];
  const args = [
    "run",
    ...DRYDOCK_SANDBOX.split(" "),
    ...bind(folder, "/cgroup"),
    ...bind(DRYDOCK_SUBMISSION, "/submission"),
    ...["--entrypoint", "sh", image, "/submission/monitor.sh", "/cgroup", String(lookSeconds)],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn("docker", args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let why = null;
    const end = (reason) => {
      why ??= reason;
      child.kill("SIGKILL");
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
    };
    const timer = setTimeout(() => end("late"), limitSeconds * 1000);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        if (output.length < maxOutputChars) output += text;
        else end("flood");
      });
    child.once("error", reject);
    child.once("close", (status) => {
      clearTimeout(timer);
      resolve({ status, why, output: output.slice(0, maxOutputChars) });
    });
  });
}

function judge({ status, why, output }) {
  const said =
    output.trim() === "" ? "printed nothing" : `printed ${JSON.stringify(output.trim().slice(0, 300))}`;
  if (why === "late") return `It was still running after ${limitSeconds} s, and had ${said}.`;
  if (why === "flood") return `It printed without end and was stopped.`;
  if (status !== 0) return `It ended with exit status ${status} and ${said}.`;
  if (!/^\d{1,9}$/.test(output.trim())) return `It ${said}, which is not one whole number.`;
  const off = Math.abs(Number(output.trim()) - percent);
  return off <= allowed ? null : `It ${said}, and the load was ${percent}.`;
}

const ended = await runMonitor();
clearInterval(growing);
// The engine's own failure is no result: the exercise is told to be at fault then, not the student.
if (ended.status === 125) throw new Error(`docker run failed: ${ended.output}`);
const problem = judge(ended);
const counter = version === "v1" ? "cpuacct.usage" : "cpu.stat";
writeFileSync(
  DRYDOCK_RESULT,
  JSON.stringify({
    share: problem === null ? 1 : 0,
    expected: `On a folder whose ${counter} grows at a load drawn for this run, from ${rates[version][0]} to ${rates[version][1] - 1} percent of one core, "sh monitor.sh FOLDER ${lookSeconds}" prints that load as one whole number, at most a tenth off (or 4 where that is more), and nothing else.`,
    happened: problem ?? `It printed ${ended.output.trim()}, and the load was ${percent}.`,
    fix: problem === null ? "" : fixes()[version],
  }),
);

function fixes() {
  return {
    v1: "Read cpuacct.usage, which counts nanoseconds, twice; divide what it grew by the seconds between and by 10000000. The cpu.stat beside it is about throttling and has no usage in it.",
    v2: "Take the number after usage_usec in cpu.stat, which counts microseconds, twice; divide what it grew by the seconds between and by 10000.",
  };
}
