import { createFleet } from "./create-fleet.ts";
import { describeInstances } from "./describe-instances.ts";
import { type EndContext, terminateInstances } from "./end-instances.ts";
import { type Form, textsIn } from "./form.ts";
import { createImage, deregisterImage, getConsoleOutput } from "./images/image-calls.ts";
import type { LaunchContext } from "./launch-instances.ts";
import type { SpotPrices } from "./prices/spot-prices.ts";
import { runInstances } from "./run-instances.ts";
import { createTokens } from "./tokens.ts";
import type { XmlElement } from "./xml.ts";

export interface Ec2Context extends LaunchContext, EndContext {
  prices: SpotPrices;
  /** How many instances a page of DescribeInstances has at most. */
  largestPage: () => number;
  /** What instances wrote to their consoles, by id. */
  consoles: Map<string, string>;
}

/** The calls of EC2 that the proxy answers itself; of any other, null: moto answers it. */
export function createEc2Answers(context: Ec2Context) {
  const runs = createTokens<XmlElement>();
  const fleets = createTokens<XmlElement>();
  const answers = new Map<string, (form: Form) => Promise<XmlElement>>([
    ["RunInstances", (form) => runInstances(context, runs, form)],
    [
      "CreateFleet",
      async (form) => (await fleets.once(form, () => createFleet(context, context.prices, form))).answer,
    ],
    ["TerminateInstances", (form) => terminateInstances(context, form)],
    [
      "DescribeInstances",
      (form) => describeInstances(context.moto, context.instances, form, context.largestPage()),
    ],
    ["DescribeSpotPriceHistory", async (form) => context.prices.describe(form)],
    ["DeregisterImage", (form) => deregisterImage(context, form)],
    ["CreateImage", (form) => createImage(context, form)],
    ["GetConsoleOutput", async (form) => getConsoleOutput(context, form)],
    ["StartInstances", (form) => startInstances(context, form)],
  ]);
  return {
    async answer(action: string, form: Form): Promise<XmlElement | null> {
      return answers.get(action)?.(form) ?? null;
    },
    clear: () => {
      runs.clear();
      fleets.clear();
      context.goneImages.clear();
      context.consoles.clear();
    },
  };
}

async function startInstances({ moto, instances }: Ec2Context, form: Form): Promise<XmlElement> {
  const answer = await moto.ec2("StartInstances", form);
  for (const id of textsIn(form, "InstanceId")) {
    const known = instances.get(id);
    if (known) known.stopped = null;
  }
  return answer;
}
