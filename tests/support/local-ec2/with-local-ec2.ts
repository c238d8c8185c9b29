import { EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, beforeEach, inject } from "vitest";
import { type LocalEc2, startLocalEc2 } from "#infra/compute/ec2-local/local-ec2.ts";

// A package of today still runs on Node 20 and says with each start that later ones will not.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** What a client of any service needs; one try, so that a test sees each failure. */
export function clientSettings(local: LocalEc2) {
  const { endpoint, region, credentials } = local;
  return { endpoint, region, credentials, maxAttempts: 1 };
}

/** One that is emptied now; whoever opens it closes it. */
export async function openLocalEc2(): Promise<LocalEc2> {
  const answer = await fetch(inject("motoBroker"));
  const url = await answer.text();
  if (!answer.ok) throw new Error(url);
  return startLocalEc2({ moto: { url } });
}

/** A local EC2 for a test file, as newly started before each test. */
export function withLocalEc2(): { readonly local: LocalEc2; readonly ec2: EC2Client } {
  let local: LocalEc2;
  let ec2: EC2Client;
  beforeAll(async () => {
    local = await openLocalEc2();
    ec2 = new EC2Client(clientSettings(local));
  });
  beforeEach(() => local.reset());
  afterAll(async () => {
    ec2?.destroy();
    await local?.close();
  });
  return {
    get local() {
      return local;
    },
    get ec2() {
      return ec2;
    },
  };
}
