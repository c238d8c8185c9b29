import { EC2Client } from "@aws-sdk/client-ec2";
import { systemClock } from "#infra/clock/clock.ts";
import { reapInstances } from "#infra/compute/ec2/reap-instances.ts";

/** Put in when the handler is bundled. */
declare const INSTALLATION: string;

const ec2 = new EC2Client({});

/** The scheduled function of the stack. What it could not end fails the call, so that the alarm counts it. */
export async function handler() {
  const { ended, failed } = await reapInstances(ec2, INSTALLATION, systemClock());
  console.log(JSON.stringify({ ended, failed }));
  if (failed.length > 0) throw new Error(`${failed.length} instances past their lease could not be ended`);
}
