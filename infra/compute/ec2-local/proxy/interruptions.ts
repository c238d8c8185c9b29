import { instanceNotFound } from "./describe-instances.ts";
import { type EndContext, endInstance } from "./end-instances.ts";
import { stateReasons } from "./known-instances.ts";

/** What EC2 does to spot instances of its own accord, told by EventBridge and by the metadata service. */
export function createInterruptions(context: EndContext, now: () => Date) {
  const timers = new Set<NodeJS.Timeout>();
  const putEvent = async (instanceId: string, detailType: string, detail: Record<string, string>) => {
    const answer = (await context.moto.json("events", "AWSEvents.PutEvents", {
      Entries: [
        {
          Source: "aws.ec2",
          DetailType: detailType,
          Resources: [`arn:aws:ec2:${context.moto.region}:123456789012:instance/${instanceId}`],
          Detail: JSON.stringify({ "instance-id": instanceId, ...detail }),
        },
      ],
    })) as { FailedEntryCount?: number };
    if (answer.FailedEntryCount) throw new Error(`moto took no event of ${instanceId}.`);
  };
  return {
    /** Resolves when the notice is given; the instance is terminated `noticeMs` later, two minutes on AWS. */
    async interrupt(instanceId: string, { noticeMs }: { noticeMs: number }): Promise<void> {
      if (context.instances.get(instanceId)?.pool.market !== "spot") throw instanceNotFound(instanceId);
      const time = new Date(now().getTime() + noticeMs).toISOString().replace(/\.\d+Z$/, "Z");
      context.hooks.noticed(instanceId, { action: "terminate", time });
      await putEvent(instanceId, "EC2 Spot Instance Interruption Warning", {
        "instance-action": "terminate",
      });
      const timer = setTimeout(() => {
        timers.delete(timer);
        void endInstance(context, instanceId, stateReasons.interrupted);
      }, noticeMs);
      timers.add(timer);
    },
    async recommendRebalance(instanceId: string): Promise<void> {
      context.hooks.rebalanced(
        instanceId,
        now()
          .toISOString()
          .replace(/\.\d+Z$/, "Z"),
      );
      await putEvent(instanceId, "EC2 Instance Rebalance Recommendation", {});
    },
    /** Notices that were given have no effect any more. */
    clear: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
