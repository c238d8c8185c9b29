import { randomUUID } from "node:crypto";
import type { Stack } from "@aws-sdk/client-cloudformation";
import { readStackOutputs, type StackOutputs } from "../stack-outputs.ts";
import { followStack, pastEvents, type StackStep } from "./follow-stack.ts";
import { findChangeable, findStack, type StackApi } from "./stack-api.ts";
import { explain, StackError } from "./stack-error.ts";

/** What CreateStack takes without a bucket, in bytes. */
export const longestTemplate = 51_200;

export interface StackContent {
  /** JSON. */
  template: string;
  /** On the stack, and by AWS on what is in it. */
  tags: { Key?: string | undefined; Value?: string | undefined }[];
}

export interface Deployed {
  outcome: "created" | "updated" | "unchanged";
  outputs: StackOutputs;
}

/** Makes the stack or changes it to the template, and waits. Throws StackError. */
export async function deployStack(
  api: StackApi,
  content: StackContent,
  onStep: (step: StackStep) => void = () => {},
): Promise<Deployed> {
  const parameters = stackParameters(api, content);
  const there = await findChangeable(api);
  const seen = there?.StackId === undefined ? new Set<string>() : await pastEvents(api, there.StackId);
  // So that AWS knows a call whose answer was lost when the SDK makes it again.
  const once = { ...parameters, ClientRequestToken: randomUUID() };
  let stackId: string | undefined;
  try {
    ({ StackId: stackId } =
      there === null
        ? await api.client.send(new api.sdk.CreateStackCommand(once))
        : await api.client.send(new api.sdk.UpdateStackCommand(once)));
  } catch (error) {
    if (there !== null && error instanceof Error && /no updates are to be performed/i.test(error.message))
      return { outcome: "unchanged", outputs: outputsOf(api, there) };
    throw explain(error, `Stack ${api.name} could not be ${there === null ? "made" : "changed"}`);
  }
  const stack = await followStack(api, stackId ?? api.name, seen, onStep);
  return { outcome: there === null ? "created" : "updated", outputs: outputsOf(api, stack) };
}

/** What CreateStack, UpdateStack and CreateChangeSet have in common. Throws StackError when the template is too long. */
export function stackParameters(api: StackApi, { template, tags }: StackContent) {
  const bytes = Buffer.byteLength(template);
  if (bytes > longestTemplate)
    throw new StackError(
      "template",
      `The template has ${bytes} bytes; AWS takes ${longestTemplate}. Give fewer networks or instance types.`,
    );
  return {
    StackName: api.name,
    TemplateBody: template,
    Capabilities: ["CAPABILITY_IAM" as const],
    Tags: tags.map(({ Key, Value }) => ({ Key, Value })),
  };
}

/** What a stack that is there says of itself. Throws StackError when there is none, or one of something else. */
export async function readStack(api: StackApi): Promise<StackOutputs> {
  const stack = await findStack(api);
  if (stack === null) throw new StackError("missing", `There is no stack ${api.name} in this region.`);
  return outputsOf(api, stack);
}

function outputsOf(api: StackApi, stack: Stack): StackOutputs {
  try {
    return readStackOutputs(stack.Outputs ?? []);
  } catch (error) {
    throw new StackError(
      "broken",
      `Stack ${api.name} (${stack.StackStatus}) does not say what a Drydock's does: it is another's, or of another version.`,
      { cause: error },
    );
  }
}
