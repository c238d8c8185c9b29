import { readFile } from "node:fs/promises";
import Docker from "dockerode";
import { z } from "zod";
import { listenForCrash } from "./crash.ts";
import { describeError } from "./describe-error.ts";
import { runAgent } from "./run-agent.ts";

/**
 * The program in the machine: `node agent.mjs USER_DATA [WORK_DIR]`. Ends with status 0 when its run is reported or
 * over for this machine, 1 when it could not go on; the boot script powers the machine off either way.
 */

/** UserData of grading/clusters/provider.ts as it arrives. */
const userData = z.object({
  agentAddress: z.string().regex(/^(unix:\/|https?:\/\/)/),
  token: z.string(),
  leaseUntil: z.iso.datetime(),
});

/** How long an agent that crashed may take to report it. */
const lastWordsMs = 30_000;

const say = (line: string) => console.log(`agent: ${line}`);

async function main(): Promise<number> {
  const [file, workDir = "/var/lib/drydock/run"] = process.argv.slice(2);
  if (file === undefined) throw new Error("The agent is started with the path of the user data.");
  const { agentAddress, token } = userData.parse(JSON.parse(await readFile(file, "utf8")));
  const docker = new Docker({ socketPath: "/var/run/docker.sock" });
  const crashed = listenForCrash(process);
  crashed.addEventListener("abort", () => {
    say(describeError(crashed.reason));
    // After a crash nothing is certain, the report neither.
    setTimeout(() => process.exit(1), lastWordsMs);
  });
  const ended = await runAgent({ address: agentAddress, token, docker, workDir, say, crashed });
  say(ended);
  return 0;
}

main().then(
  // A check that was left behind must not keep the machine.
  (status) => process.exit(status),
  (error: unknown) => {
    say(describeError(error));
    process.exit(1);
  },
);
