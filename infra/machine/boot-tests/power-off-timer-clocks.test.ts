import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

/**
 * The timer in a shell whose clocks are played: a wait takes no time, and moves the wall clock, the uptime and the
 * seconds that the machine ran. Those are what the power-off says.
 */
const script = path.join(import.meta.dirname, "../boot/power-off-timer.sh");
const read = `() {
  case " $* " in *" -t "*) ;; *) builtin read "$@"; return ;; esac
  waits=$((waits + 1)) ran=$((ran + $3)) wall=$((wall + $3)) up=$((up + $3))
  [ "$waits" -lt 5000 ] || exit 3
  eval "$each_wait"
  tell_uptime
  return 1
}`;
const printf = `() {
  if [ "$1" = -v ] && [ "$3" = "%(%s)T" ]; then builtin printf -v "$2" %s "$wall"; else builtin printf "$@"; fi
}`;
const tellUptime = `() { [ -z "$uptime_file" ] || echo "$up.25 0.00" > "$uptime_file"; }`;

const launchedAt = 1_731_672_000;
const leaseSeconds = 900;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-clocks-"));
  await writeFile(path.join(folder, "busybox"), '#!/bin/sh\necho "ran $ran"\n');
  await chmod(path.join(folder, "busybox"), 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

/** How many seconds the machine ran. eachWait: what else happens, in the words of the shell. */
async function secondsRun(eachWait: string, hasUptime = true): Promise<number> {
  const userData = path.join(folder, "user-data.json");
  const uptime = path.join(folder, "uptime");
  await writeFile(userData, JSON.stringify({ leaseUntil: new Date((launchedAt + leaseSeconds) * 1000) }));
  if (hasUptime) await writeFile(uptime, "5000.25 0.00\n");
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    "BASH_FUNC_read%%": read,
    "BASH_FUNC_printf%%": printf,
    "BASH_FUNC_tell_uptime%%": tellUptime,
    uptime_file: hasUptime ? uptime : "",
    each_wait: eachWait,
    shorter: path.join(folder, "lease"),
    waits: "0",
    ran: "0",
    wall: String(launchedAt),
    up: "5000",
  };
  const ended = await promisify(execFile)("bash", [script, userData, path.join(folder, "lease"), uptime], {
    env,
  });
  return Number(/^ran (\d+)$/m.exec(ended.stdout)?.[1]);
}

it("a machine runs for its lease", async () => {
  expect(await secondsRun(":")).toBe(leaseSeconds);
});

it.each([3600, -3600, 10 * 86_400])(
  "a clock that jumps by %d s ends no machine sooner or later",
  async (jump) => {
    expect(await secondsRun(`[ $waits != 3 ] || wall=$((wall + ${jump}))`)).toBe(leaseSeconds);
  },
);

it("a machine that slept past its lease with its computer has as long as before", async () => {
  expect(await secondsRun("[ $waits != 3 ] || { wall=$((wall + 7200)) up=$((up + 7200)); }")).toBe(
    leaseSeconds,
  );
});

it("a machine whose timer hardly gets a processor ends in time all the same", async () => {
  const ran = await secondsRun("ran=$((ran + 20)) wall=$((wall + 20)) up=$((up + 20))");
  expect(ran).toBeGreaterThanOrEqual(leaseSeconds);
  expect(ran).toBeLessThan(leaseSeconds + 25);
});

it("a machine that cannot say how long it has been up ends by its waits", async () => {
  expect(await secondsRun("[ $waits != 3 ] || wall=$((wall + 3600))", false)).toBe(leaseSeconds);
});

it("the lease that the agent shortens is a span too, from when it is read", async () => {
  const shorten = "echo $((wall + 100)) > $shorter";
  expect(await secondsRun(`[ $waits != 2 ] || ${shorten}; [ $waits != 4 ] || wall=$((wall + 3600))`)).toBe(
    110,
  );
});

it("a lease that is shortened after the clock was set goes by the clock as it is then", async () => {
  const shorten = "echo $((wall + 100)) > $shorter";
  expect(await secondsRun(`[ $waits != 2 ] || wall=$((wall + 3600)); [ $waits != 3 ] || ${shorten}`)).toBe(
    115,
  );
});
