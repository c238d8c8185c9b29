import type { Stack, StackEvent } from "@aws-sdk/client-cloudformation";
import { findStack, type StackApi } from "./stack-api.ts";
import { explain, StackError } from "./stack-error.ts";

/** One thing that happened to one resource. */
export interface StackStep {
  at: Date;
  resource: string;
  type: string;
  status: string;
  reason: string | null;
}

/** Ids of the events that were there before. */
export async function pastEvents(api: StackApi, stackId: string): Promise<Set<string>> {
  return new Set((await newEvents(api, stackId, new Set())).map(({ EventId }) => EventId ?? ""));
}

/**
 * Follows a stack until nothing moves, telling each step once and in order; answers with the stack as it is then.
 * Throws StackError `rolled-back` with the first reasons when it did not become what was asked, `timeout` when it takes
 * too long.
 */
export async function followStack(
  api: StackApi,
  stackId: string,
  seen: Set<string>,
  onStep: (step: StackStep) => void,
): Promise<Stack> {
  const reasons: string[] = [];
  for (let waited = 0; ; waited += api.wait.everyMs) {
    // The state is asked before the events, so that the last of them are told too.
    const stack = await findStack(api, stackId);
    for (const event of await newEvents(api, stackId, seen)) {
      seen.add(event.EventId ?? "");
      const step = asStep(event);
      onStep(step);
      if (step.status.endsWith("_FAILED") && step.reason !== null && !/cancelled/i.test(step.reason))
        reasons.push(`${step.resource}: ${step.reason}`);
    }
    const status = stack?.StackStatus ?? "DELETE_COMPLETE";
    if (!status.endsWith("_IN_PROGRESS")) {
      if (stack !== null && ["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"].includes(status))
        return stack;
      if (stack === null)
        return { StackName: api.name, CreationTime: undefined, StackStatus: "DELETE_COMPLETE" };
      const why = reasons.slice(0, 3).join("\n  ") || stack.StackStatusReason || "AWS gave no reason";
      throw new StackError("rolled-back", `Stack ${api.name} ended as ${status}:\n  ${why}`);
    }
    if (waited >= api.wait.atMostMs)
      throw new StackError("timeout", `Stack ${api.name} is still ${status}. AWS goes on; look again later.`);
    await api.wait.sleep(api.wait.everyMs);
  }
}

/** Oldest first. AWS lists the newest first, so reading ends at the first that is known. */
async function newEvents(api: StackApi, stackId: string, seen: Set<string>): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = await api.client.send(
        new api.sdk.DescribeStackEventsCommand({ StackName: stackId, NextToken }),
      );
      const fresh = (page.StackEvents ?? []).filter(({ EventId }) => !seen.has(EventId ?? ""));
      events.push(...fresh);
      NextToken = fresh.length < (page.StackEvents ?? []).length ? undefined : page.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    if (error instanceof Error && /does not exist/i.test(error.message)) return [];
    throw explain(error, `Events of stack ${api.name} could not be read`);
  }
  return events.reverse();
}

function asStep(event: StackEvent): StackStep {
  return {
    at: event.Timestamp ?? new Date(0),
    resource: event.LogicalResourceId ?? "?",
    type: event.ResourceType ?? "?",
    status: event.ResourceStatus ?? "?",
    reason: event.ResourceStatusReason ?? null,
  };
}
