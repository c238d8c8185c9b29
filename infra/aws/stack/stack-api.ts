import type { CloudFormationClient, CloudFormationClientConfig, Stack } from "@aws-sdk/client-cloudformation";
import { explain, StackError } from "./stack-error.ts";

/** Where a stack is and who asks: what is not given comes from the SDK's own settings (AWS_REGION, AWS_ENDPOINT_URL, …). */
export type StackClientOptions = Pick<CloudFormationClientConfig, "region" | "endpoint" | "credentials">;

/** The stack by its name, with how this process waits. */
export interface StackApi {
  sdk: typeof import("@aws-sdk/client-cloudformation");
  client: CloudFormationClient;
  name: string;
  wait: Wait;
}

export interface Wait {
  /** Between two looks. */
  everyMs: number;
  /** Then it is given up: AWS goes on, and `outputs` or the console say how it ended. */
  atMostMs: number;
  sleep: (ms: number) => Promise<void>;
}

const patience: Wait = {
  everyMs: 3000,
  atMostMs: 45 * 60_000,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The SDK is loaded here, so that no other command pays for it. */
export async function openStack(
  name: string,
  options: StackClientOptions & { wait?: Partial<Wait> } = {},
): Promise<StackApi> {
  const sdk = await import("@aws-sdk/client-cloudformation");
  const { wait, ...config } = options;
  return { sdk, client: new sdk.CloudFormationClient(config), name, wait: { ...patience, ...wait } };
}

/** The stack by name or id; null when there is none, also when it was deleted. Throws StackError. */
export async function findStack(api: StackApi, id = api.name): Promise<Stack | null> {
  try {
    const { Stacks } = await api.client.send(new api.sdk.DescribeStacksCommand({ StackName: id }));
    const found = Stacks?.[0] ?? null;
    return found?.StackStatus === "DELETE_COMPLETE" && id === api.name ? null : found;
  } catch (error) {
    if (error instanceof Error && /does not exist/i.test(error.message)) return null;
    throw explain(error, `Stack ${api.name} could not be looked at`);
  }
}

/** Whether the stack can be changed now; null: it has to be made. Throws StackError: busy, or broken. */
export async function findChangeable(api: StackApi): Promise<Stack | null> {
  const stack = await findStack(api);
  const status = stack?.StackStatus ?? "";
  if (stack === null) return null;
  if (status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS")
    throw new StackError("busy", `Stack ${api.name} is being changed (${status}). Wait until that is over.`);
  if (!["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"].includes(status))
    throw new StackError(
      "broken",
      `Stack ${api.name} cannot be changed (${status}${stack.StackStatusReason ? `: ${stack.StackStatusReason}` : ""}). ` +
        "Remove it with drydock aws destroy, then deploy again.",
    );
  return stack;
}
