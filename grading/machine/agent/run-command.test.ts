import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { TimeLimitPassed } from "../checks/kit/credit/time-limit.ts";
import type { RunCommandOptions } from "../checks/kit/define-check.ts";
import { runCommand } from "./run-command.ts";

async function sh(script: string, options: RunCommandOptions = {}, signal = new AbortController().signal) {
  const lines: string[] = [];
  const result = await runCommand(["sh", "-c", script], options, {
    cwd: "/",
    signal,
    onLine: (line) => lines.push(line),
  });
  return { ...result, lines };
}

test("output, errors and status are told apart, and nothing of our own environment is passed on", async () => {
  process.env.SECRET_OF_OURS = "leak";
  const result = await sh("echo out; echo err >&2; env | grep -c SECRET; exit 3");
  expect(result).toMatchObject({ exitCode: 3, ended: "exited", stdout: "out\n0\n", stderr: "err\n" });
});

test("at its time limit the whole process group ends, children included", async () => {
  const result = await sh("sleep 600 & echo $!; wait", { timeoutSeconds: 0.3 });
  expect(result.ended).toBe("timed-out");
  const child = result.stdout.trim();
  await expect.poll(() => existsSync(`/proc/${child}/exe`)).toBe(false);
});

test("a child that holds the output open does not hold up the end", async () => {
  const result = await sh("sleep 600 & echo done");
  expect(result).toMatchObject({ exitCode: 0, ended: "exited", stdout: "done\n" });
});

test("a flood is ended, and its beginning is kept", async () => {
  const result = await sh("echo first; yes", { floodBytes: 3_000_000 });
  expect(result.ended).toBe("output-flood");
  expect(result.stdout.startsWith("first\ny\n")).toBe(true);
  expect(result.stdout).toMatch(/\[\d+ bytes of output left out here\]/);
  expect(result.stdout.length).toBeLessThan(1_200_000);
});

test("three megabytes on one line become one bounded line of the live log", async () => {
  const result = await sh("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end");
  expect(result.lines).toHaveLength(2);
  expect(result.lines[0]).toMatch(/^x+ \[cut here: 2992000 more characters on this line\]$/);
  expect(result.stdout.endsWith("end\n")).toBe(true);
});

test("bytes that are no UTF-8 are shown, not fatal", async () => {
  expect((await sh("printf '\\377ok'")).stdout).toBe("\ufffdok");
});

test("an aborted signal ends the command and its reason says how it ended", async () => {
  const limit = new AbortController();
  limit.abort(new TimeLimitPassed(1));
  expect((await sh("sleep 600", {}, limit.signal)).ended).toBe("timed-out");
  const cancel = new AbortController();
  cancel.abort(new Error("cancelled"));
  expect((await sh("sleep 600", {}, cancel.signal)).ended).toBe("cancelled");
});
