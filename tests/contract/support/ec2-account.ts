import { setTimeout as sleep } from "node:timers/promises";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { systemClock } from "#infra/clock/clock.ts";
import { connectEc2, type Ec2Api } from "#infra/compute/ec2/ec2-api.ts";
import { createEc2Provider, type Ec2ProviderOptions } from "#infra/compute/ec2/ec2-provider.ts";
import { instanceTypes } from "./ec2-machines.ts";

/** Where machines are made in a test: what differs between the local EC2 and an account. */
export interface Ec2Place {
  api: Ec2Api;
  open(changes?: Partial<Ec2ProviderOptions>): ReturnType<typeof createEc2Provider>;
  /** The next launch is made, and whoever asked for it does not hear so. */
  loseReply(): void;
  /** What the timer in a machine does at its lease. */
  powerOff(instanceId: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * An account, or another emulator, that the environment names: DRYDOCK_TEST_EC2_LAUNCH_TEMPLATE, DRYDOCK_TEST_EC2_SUBNETS
 * and DRYDOCK_TEST_EC2_IMAGE, in AWS_REGION, by the credentials that AWS's tools find; DRYDOCK_TEST_EC2_ENDPOINT where it is
 * not AWS. null: it names none.
 */
export function accountOfEnvironment(): Ec2Place | null {
  const { DRYDOCK_TEST_EC2_LAUNCH_TEMPLATE: launchTemplate, DRYDOCK_TEST_EC2_ENDPOINT: endpoint } =
    process.env;
  if (!launchTemplate) return null;
  const region = needed("AWS_REGION");
  const subnets = needed("DRYDOCK_TEST_EC2_SUBNETS").split(",");
  const image = needed("DRYDOCK_TEST_EC2_IMAGE");
  const api = connectEc2({ region, ...(endpoint && { endpoint }) });
  const open: Ec2Place["open"] = (changes = {}) =>
    createEc2Provider({
      ...{ api, region, launchTemplate, subnets, instanceTypes, imageOf: () => image },
      ...{ besidesUsdPerHour: 0.0068, clock: systemClock, ...changes },
    });
  return {
    ...{ api, open },
    loseReply: () => loseNextReply(api.launching),
    // Its image need not be a machine's, so no timer is in it.
    powerOff: async (instanceId) => {
      while ((await open().terminate(instanceId)) !== "gone") await sleep(1_000);
    },
    close: async () => api.close(),
  };
}

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is needed with DRYDOCK_TEST_EC2_LAUNCH_TEMPLATE.`);
  return value;
}

function loseNextReply({ middlewareStack }: EC2Client): void {
  const name = "loseReply";
  middlewareStack.add(
    (next) => async (call) => {
      middlewareStack.remove(name);
      await next(call);
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    },
    { step: "build", name },
  );
}
