import { ApiFailure } from "./api-failure.ts";
import { type Form, formIn, textIn } from "./form.ts";
import { type LaunchContext, launchInstances, planLaunch } from "./launch-instances.ts";
import { mergeLaunch, readTemplate } from "./launch-template.ts";
import type { createTokens } from "./tokens.ts";
import { findXml, type XmlElement, xmlText } from "./xml.ts";

type Tokens = ReturnType<typeof createTokens<XmlElement>>;

/** RunInstances with all that moto leaves out of it: its template, tokens, limits and capacity. */
export async function runInstances(context: LaunchContext, tokens: Tokens, form: Form): Promise<XmlElement> {
  const { answer, again } = await tokens.once(form, () => run(context, form));
  const ended = (findXml(answer, "instancesSet")?.children ?? []).some(
    (item) => context.instances.get(xmlText(item, "instanceId"))?.ending,
  );
  if (again && ended) {
    throw new ApiFailure(
      "IdempotentInstanceTerminated",
      "The instances of this client token were terminated already.",
    );
  }
  return answer;
}

async function run(context: LaunchContext, form: Form): Promise<XmlElement> {
  const { LaunchTemplate: _template, MinCount, MaxCount, ...request } = form;
  const specification = formIn(form, "LaunchTemplate");
  const template =
    Object.keys(specification).length > 0 ? (await readTemplate(context.moto, specification)).launch : {};
  const planned = await planLaunch(context, mergeLaunch(template, request));
  if (textIn(form, "DryRun") === "true") return context.moto.ec2("RunInstances", form);
  const least = Number(MinCount ?? 1);
  const most = Number(MaxCount ?? least);
  if (!(least >= 1 && most >= least)) {
    throw new ApiFailure("InvalidParameterValue", `MinCount ${least} and MaxCount ${most} are no range.`);
  }
  let count = most;
  while (count > least && context.capacity.refusalOf(planned.pool, planned.vcpus, count)) count -= 1;
  return launchInstances(context, planned, count);
}
