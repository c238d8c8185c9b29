import { performance } from "node:perf_hooks";
import type { Cgroup } from "../../kit/container/cgroup.ts";
import type { CheckContext } from "../../kit/define-check.ts";

/** Joins the groups named by its arguments, then becomes what follows. */
const joinThen = (program: string) => `for group; do echo $$ > "$group" || exit 97; done; ${program}`;
const spin = joinThen("while :; do :; done");
/** tail keeps all of a line that never ends. */
const hog = joinThen("exec tail /dev/zero");

/** Our own programs join the container's group: what is measured is the limit, not the student's program. */
const inGroup = (context: CheckContext, cgroup: Cgroup, script: string, seconds: number) =>
  context.run(["sh", "-c", script, "sh", ...cgroup.joinFiles], {
    cwd: "/",
    timeoutSeconds: seconds,
    live: false,
  });

/** Keeps the CPU busy in a group with so many programs for so many seconds. */
export async function spinIn(context: CheckContext, cgroup: Cgroup, programs: number, seconds: number) {
  const ended = await Promise.all(
    Array.from({ length: programs }, () => inGroup(context, cgroup, spin, seconds)),
  );
  for (const { ended: how, exitCode, stderr } of ended)
    if (how !== "timed-out" && exitCode !== null)
      throw new Error(`A program could not join the container's control group: ${exitCode} ${stderr}`);
}

/** Takes memory in a group until it is ended or the seconds have passed; says whether it was ended. */
export async function hogIn(context: CheckContext, cgroup: Cgroup, seconds: number): Promise<boolean> {
  const { ended, exitCode, stderr } = await inGroup(context, cgroup, hog, seconds);
  if (ended === "exited" && exitCode === 97)
    throw new Error(`A program could not join the container's control group: ${stderr}`);
  return ended === "exited";
}

/** CPUs that a group used while something ran. */
export async function cpusUsedDuring(cgroup: Cgroup, run: () => Promise<unknown>): Promise<number> {
  const [usedBefore, before] = [await cgroup.cpuSeconds(), performance.now()];
  await run();
  const [usedAfter, after] = [await cgroup.cpuSeconds(), performance.now()];
  return (usedAfter - usedBefore) / ((after - before) / 1000);
}
