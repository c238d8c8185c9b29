import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

for (const [where, thrower] of [
  ["outside of every promise", 'setTimeout(() => { throw new Error("out of place"); })'],
  ["in a promise that nobody waits for", 'void Promise.reject(new Error("out of place"))'],
])
  test(`an error ${where} is heard, and the program goes on to say so`, async () => {
    const program = `
      import { listenForCrash } from "./grading/machine/agent/crash.ts";
      const crashed = listenForCrash(process);
      crashed.addEventListener("abort", () => setTimeout(() => console.log(crashed.reason.cause.message)));
      ${thrower};`;
    const args = ["--import", "tsx", "--input-type=module", "-e", program];
    const { stdout } = await run(process.execPath, args);
    expect(stdout).toBe("out of place\n");
  });
