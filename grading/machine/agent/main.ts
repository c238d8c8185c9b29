import { readFile } from "node:fs/promises";
import Docker from "dockerode";
import { z } from "zod";
import { listenForCrash } from "./crash.ts";
import { describeError } from "./describe-error.ts";
import { runAgent } from "./run-agent.ts";
import { createLeaseShortener } from "./shorten-lease.ts";

/**
 * The program in the machine: `node agent.mjs USER_DATA LEASE [WORK_DIR]`; LEASE is the file by which
 * it shortens the lease that the power-off timer keeps. Ends with status 0 when its run is reported or
 * over for this machine, 1 when it could not go on; the boot script powers the machine off either way.
 */

/** UserData of grading/machines/provider.ts as it arrives. */
const userData = z.object({
  agentAddress: z.string().regex(/^(unix:\/|https?:\/\/)/),
  token: z.string(),
  leaseUntil: z.iso.datetime(),
  gatewayCa: z.string().optional(),
  metadataAddress: z.url({ protocol: /^http$/ }).optional(),
});

/** How long an agent that crashed may take to report it. */
const lastWordsMs = 30_000;

const say = (line: string) => console.log(`agent: ${line}`);

async function main(): Promise<number> {
  const [file, leaseFile, workDir = "/var/lib/drydock/run"] = process.argv.slice(2);
  if (file === undefined || leaseFile === undefined)
    throw new Error("The agent is started with the paths of the user data and of the lease.");
  const given = userData.parse(JSON.parse(await readFile(file, "utf8")));
  const docker = new Docker({ socketPath: "/var/run/docker.sock" });
  const crashed = listenForCrash(process);
  crashed.addEventListener("abort", () => {
    say(describeError(crashed.reason));
    // After a crash nothing is certain, the report neither.
    setTimeout(() => process.exit(1), lastWordsMs);
  });
  const shorten = createLeaseShortener(leaseFile, given.leaseUntil, {
    clock: () => new Date(),
    monotonic: () => performance.now(),
  });
  const ended = await runAgent({
    address: given.agentAddress,
    ca: given.gatewayCa,
    metadataAddress: given.metadataAddress,
    ...{ token: given.token, docker, workDir, shorten, say, crashed },
  });
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
