import { followStack, pastEvents, type StackStep } from "./follow-stack.ts";
import { findStack, type StackApi } from "./stack-api.ts";
import { explain, StackError } from "./stack-error.ts";

/** Names of buckets that are left, since what students handed in outlives the stack. */
export interface Destroyed {
  keptBuckets: string[];
}

/** Removes the stack and waits. Throws StackError: missing, busy, or why AWS could not remove something. */
export async function destroyStack(
  api: StackApi,
  onStep: (step: StackStep) => void = () => {},
): Promise<Destroyed> {
  const stack = await findStack(api);
  if (stack === null) throw new StackError("missing", `There is no stack ${api.name} in this region.`);
  if (stack.StackStatus?.endsWith("_IN_PROGRESS") && stack.StackStatus !== "REVIEW_IN_PROGRESS")
    throw new StackError(
      "busy",
      `Stack ${api.name} is being changed (${stack.StackStatus}). Wait until that is over.`,
    );
  // By its id: a deleted stack has no name any more.
  const stackId = stack.StackId ?? api.name;
  const seen = await pastEvents(api, stackId);
  try {
    await api.client.send(new api.sdk.DeleteStackCommand({ StackName: stackId }));
  } catch (error) {
    throw explain(error, `Stack ${api.name} could not be removed`);
  }
  await followStack(api, stackId, seen, onStep);
  const bucket = stack.Outputs?.find(({ OutputKey }) => OutputKey === "BucketName")?.OutputValue;
  return { keptBuckets: bucket === undefined ? [] : [bucket] };
}
