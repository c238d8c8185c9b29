import {
  DeleteMessageCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { InstanceEvent, InstanceEvents } from "#grading/machines/answering/instance-events.ts";
import { LaunchError } from "#grading/machines/provider.ts";
import { rethrow } from "./api-errors.ts";
import type { Ec2ApiOptions } from "./ec2-api.ts";

export interface InterruptionQueueOptions extends Ec2ApiOptions {
  /** Address of the queue that the stack has EventBridge fill. */
  queueUrl: string;
  /** So long one call waits for messages. */
  waitSeconds?: number;
}

/** A notice is given two minutes before the end. */
const noticeMs = 120_000;

const interruption = "EC2 Spot Instance Interruption Warning";
const rebalance = "EC2 Instance Rebalance Recommendation";
const anyEvent = z.object({ "detail-type": z.string(), time: z.iso.datetime({ offset: true }) });
const ofInstance = z.object({ detail: z.object({ "instance-id": z.string().min(1).max(64) }) });

/**
 * What EC2 says by EventBridge of spot instances, whoever's they are. Each message has half a minute to be handled, then
 * it is received again, by any worker. Throws LaunchError where AWS says why it gives none.
 */
export function createInterruptionQueue(
  options: InterruptionQueueOptions,
): InstanceEvents & { close(): void } {
  const { region, endpoint, credentials, queueUrl: QueueUrl, waitSeconds = 20 } = options;
  const client = new SQSClient({
    region,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
  });
  const what = "The queue of interruptions could not be read";
  return {
    async receive(signal) {
      const call = new ReceiveMessageCommand({
        ...{ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds },
      });
      // A connection that says nothing for longer than it waits is dead.
      const late = AbortSignal.timeout((waitSeconds + 10) * 1000);
      const { Messages } = await client
        .send(call, { abortSignal: AbortSignal.any([signal, late]) })
        .catch((error: unknown) => {
          if (signal.aborted) throw error;
          if (late.aborted)
            throw new LaunchError("unreachable", `${what}: SQS did not answer.`, { cause: error });
          return fail(error, what);
        });
      return (Messages ?? []).map((message) => ({
        said: readEvent(message),
        done: async () => {
          const { ReceiptHandle } = message;
          await client
            .send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
            .catch((error: unknown) =>
              fail(error, "A message of the queue of interruptions was not removed"),
            );
        },
      }));
    },
    close: () => client.destroy(),
  };
}

/** See InstanceEvent. */
export function readEvent({ Body = "" }: Pick<Message, "Body">): InstanceEvent["said"] {
  let json: unknown;
  try {
    json = JSON.parse(Body);
  } catch {
    return { kind: "unreadable", why: "It is no JSON." };
  }
  const event = anyEvent.safeParse(json);
  if (!event.success) return { kind: "unreadable", why: "It is no event." };
  const { "detail-type": type, time } = event.data;
  if (type !== interruption && type !== rebalance) return { kind: "other", what: type };
  const named = ofInstance.safeParse(json);
  if (!named.success) return { kind: "unreadable", why: "It names no instance." };
  const said = Date.parse(time);
  return {
    kind: "notice",
    instanceId: named.data.detail["instance-id"],
    notice:
      type === interruption
        ? { kind: "interruption", at: new Date(said + noticeMs).toISOString() }
        : { kind: "rebalance", at: new Date(said).toISOString() },
  };
}

function fail(error: unknown, what: string): never {
  if (error instanceof QueueDoesNotExist)
    throw new LaunchError(
      "misconfigured",
      `${what}: there is none of this address. Set DRYDOCK_EC2_INTERRUPTION_QUEUE to the stack's: drydock aws outputs names it.`,
      { cause: error, trouble: "other" },
    );
  rethrow(error, what);
}
