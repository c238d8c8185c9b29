import { type StackContent, stackParameters } from "./deploy-stack.ts";
import { findChangeable, type StackApi } from "./stack-api.ts";
import { explain, StackError } from "./stack-error.ts";

export interface StackChange {
  act: "add" | "change" | "replace" | "remove";
  resource: string;
  type: string;
}

/**
 * What deploying would do, one entry a resource; nothing is changed. AWS reckons it by a change set, which is removed
 * again; of a stack that is not there yet everything is new, and AWS is not asked. Throws StackError.
 */
export async function diffStack(api: StackApi, content: StackContent): Promise<StackChange[]> {
  const parameters = stackParameters(api, content);
  if ((await findChangeable(api)) === null) return allNew(content.template);
  const { client, sdk } = api;
  const name = { StackName: api.name, ChangeSetName: `drydock-diff-${process.pid}` };
  try {
    await client.send(new sdk.CreateChangeSetCommand({ ...parameters, ...name, ChangeSetType: "UPDATE" }));
    return await reckoned(api, name);
  } catch (error) {
    throw explain(error, `Changes of stack ${api.name} could not be reckoned`);
  } finally {
    await client.send(new sdk.DeleteChangeSetCommand(name)).catch((error: unknown) => {
      throw explain(error, `The change set ${name.ChangeSetName} is left and can be removed in the console`);
    });
  }
}

function allNew(template: string): StackChange[] {
  const { Resources } = JSON.parse(template) as { Resources: Record<string, { Type: string }> };
  return Object.entries(Resources).map(([resource, { Type }]) => ({ act: "add", resource, type: Type }));
}

async function reckoned(
  api: StackApi,
  name: { StackName: string; ChangeSetName: string },
): Promise<StackChange[]> {
  const changes: StackChange[] = [];
  let NextToken: string | undefined;
  for (let waited = 0; ; ) {
    const page = await api.client.send(new api.sdk.DescribeChangeSetCommand({ ...name, NextToken }));
    if (page.Status === "FAILED") {
      // AWS calls it a failure when there is nothing to do.
      if (/didn't contain changes|no updates are to be performed/i.test(page.StatusReason ?? "")) return [];
      throw new StackError("template", `AWS refuses the template: ${page.StatusReason ?? "no reason given"}`);
    }
    if (page.Status !== "CREATE_COMPLETE") {
      if (waited >= api.wait.atMostMs)
        throw new StackError("timeout", "AWS has not reckoned the changes in time.");
      waited += api.wait.everyMs;
      await api.wait.sleep(api.wait.everyMs);
      continue;
    }
    for (const { ResourceChange } of page.Changes ?? [])
      changes.push({
        act: actOf(ResourceChange?.Action, ResourceChange?.Replacement),
        resource: ResourceChange?.LogicalResourceId ?? "?",
        type: ResourceChange?.ResourceType ?? "?",
      });
    NextToken = page.NextToken;
    if (NextToken === undefined) return changes;
  }
}

function actOf(action: string | undefined, replacement: string | undefined): StackChange["act"] {
  if (action === "Add") return "add";
  if (action === "Remove") return "remove";
  return replacement === "True" || replacement === "Conditional" ? "replace" : "change";
}
