import { runSimulation } from "@cloud-copilot/iam-simulate";
import { account, region } from "./fill-in.ts";

export interface Ask {
  action: string;
  resource: string;
  context?: Record<string, string | string[]>;
}

export type Answer = "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";

/**
 * What IAM answers. A context key that the action does not know would be ignored, and the test would prove nothing, so
 * that throws; so does a policy or an action that is wrong.
 */
export async function askIam(policies: object[], ask: Ask, endpoint?: object): Promise<Answer> {
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${account}:user/controller`,
        action: ask.action,
        resource: { resource: ask.resource, accountId: account },
        contextVariables: ask.context ?? {},
      },
      identityPolicies: policies.map((policy, i) => ({ name: `policy${i}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(endpoint === undefined ? {} : { vpcEndpointPolicies: [{ name: "endpoint", policy: endpoint }] }),
    },
    {},
  );
  if (answer.resultType === "error") throw new Error(JSON.stringify(answer.errors));
  const results = answer.resultType === "single" ? [answer.result] : answer.results;
  const ignored = results.flatMap(({ ignoredContextKeys }) => ignoredContextKeys ?? []);
  if (ignored.length > 0) throw new Error(`${ask.action} does not know ${ignored.join(", ")}`);
  return answer.overallResult as Answer;
}

export const ec2 = (what: string) => `arn:aws:ec2:${region}:${account}:${what}`;
export const ec2Public = (what: string) => `arn:aws:ec2:${region}::${what}`;
