import { z } from "zod";
import { exerciseSpec } from "../exercises/spec/spec.ts";
import { facilityName } from "../machine/facilities/catalogue.ts";

/**
 * What the agent in a machine and Drydock say to each other. The agent calls out, nothing calls in:
 *
 *   POST /agent/session            {token}            -> SessionGrant   (the token is dead afterwards)
 *   POST /agent/warm               {}                 -> {}             (only when the grant asked to warm up)
 *   GET  /agent/run                                   -> RunOrder       (204 while nothing is assigned)
 *   GET  /agent/files/submission                      -> bytes of the archive as received
 *   GET  /agent/files/hidden                          -> tar of hidden/
 *   GET  /agent/files/submission/link                 -> FileLink       (204 where only Drydock itself can give it)
 *   GET  /agent/files/hidden/link                     -> the same
 *   POST /agent/heartbeat          Heartbeat          -> HeartbeatReply
 *   POST /agent/events             EventBatch         -> EventAck       (resend from nextSeq)
 *   POST /agent/notice             InstanceNotice     -> {}             (an instance is to be interrupted)
 *   POST /agent/result             RunResult          -> ResultAck      (idempotent)
 *
 *   GET  /agent/program                               -> the agent as one file, gzipped; for machines that have none
 *
 * All but the first and the last carry `Authorization: Bearer <session>`. A refusal is {error:{code,message}};
 * 401 and 409 mean the attempt is over for this machine and it must power off.
 *
 * Agent and Drydock may be of two versions, for as long as a machine lives: a call that is added is one that the agent
 * can do without, since an older Drydock answers 404 to it, and an older agent never makes it.
 */

export const verdicts = ["passed", "failed", "not_graded"] as const;
export const faults = ["student", "exercise", "platform"] as const;

/**
 * A list that is refused at its first mistake: naming all of them in half a megabyte of wrong items takes 16 s, in
 * which nothing else happens.
 */
const listOf = <Item extends z.ZodType>(item: Item, max: number) =>
  z
    .array(z.unknown())
    .max(max)
    .transform((values, context) => {
      const list: z.output<Item>[] = [];
      for (const [index, value] of values.entries()) {
        const parsed = item.safeParse(value);
        if (!parsed.success) {
          const [first] = parsed.error.issues;
          context.addIssue({
            code: "custom",
            message: first?.message ?? "",
            path: [index, ...(first?.path ?? [])],
          });
          return z.NEVER;
        }
        list.push(parsed.data);
      }
      return list;
    });

/** The longest that a check's id, kind and title may be, here and in events. */
const name = z.string().max(500);
/** No lease is longer than a day. */
const durationMs = z.number().min(0).max(86_400_000);
const points = z.number().min(0).max(1_000_000);

/** Of what a student is shown beside a check's message: excerpts of one check, and what each holds at most. */
export const shownLimits = { excerpts: 4, titleChars: 200, lines: 40, lineChars: 1000 };

/**
 * What a student may look at beside the three sentences: what the program wrote, the requests that were tried. Lines in
 * order, without their newline; leftOut says how many came before the first one shown.
 */
export const shownLines = z.object({
  title: z.string().max(shownLimits.titleChars),
  lines: listOf(z.string().max(shownLimits.lineChars), shownLimits.lines),
  leftOut: z.number().int().min(0),
});
export type ShownLines = z.infer<typeof shownLines>;

/** What the student is told about a check: three sentences, never HTML, and what is shown for them. */
export const checkMessage = z.object({
  expected: z.string().max(4000),
  happened: z.string().max(16000),
  fix: z.string().max(4000),
  shown: listOf(shownLines, shownLimits.excerpts).optional(),
});
export type CheckMessage = z.infer<typeof checkMessage>;

/**
 * What a drill saw, for the run page to replay: what the control loop was asked for and what there was, several times
 * a second, and what happened meanwhile. Times are milliseconds from the drill's start.
 */
export const drillTimeline = z.object({
  durationMs: z.number().int().min(0).max(3_600_000),
  samples: listOf(
    z.object({
      atMs: z.number().int().min(0),
      /** Replicas asked for, pods there, pods ready, addresses that the Service sends to. */
      desired: z.number().int().min(0),
      pods: z.number().int().min(0),
      ready: z.number().int().min(0),
      endpoints: z.number().int().min(0),
      /** Requests answered since the sample before, and those of the requests sent since then that failed. */
      answered: z.number().int().min(0),
      failed: z.number().int().min(0),
    }),
    1200,
  ),
  marks: listOf(
    z.object({
      atMs: z.number().int().min(0),
      /** What the drill did, what the cluster said, or what the drill was waiting for and saw. */
      kind: z.enum(["action", "event", "reached"]),
      text: z.string().max(300),
    }),
    400,
  ),
});
export type DrillTimeline = z.infer<typeof drillTimeline>;

export const checkOutcome = z.object({
  id: name,
  kind: name,
  title: name,
  verdict: z.enum(verdicts),
  /** null when passed; who has to act otherwise. */
  fault: z.enum(faults).nullable(),
  points,
  maxPoints: points,
  message: checkMessage,
  /** Seen by staff only; capped by the agent at 64 KiB with a notice where it was cut. */
  staffOutput: z.string().max(100_000),
  startedAt: z.iso.datetime().nullable(),
  durationMs: durationMs.int(),
  /** Of failure drills only. */
  timeline: drillTimeline.optional(),
});
export type CheckOutcome = z.infer<typeof checkOutcome>;

export const sessionRequest = z.object({ token: z.string().min(20).max(200) });
export const sessionGrant = z.object({
  session: z.string(),
  machineId: z.string(),
  /** Of a machine that has no run yet: what it starts meanwhile; nodes: of its Kubernetes, 0 where it has none. */
  warmUp: z.object({ machineKind: z.string().max(200), nodes: z.number().int().min(0) }).nullable(),
});
export type SessionGrant = z.infer<typeof sessionGrant>;

export const warmReport = z.object({});
export const warmAck = z.object({});

export const runOrder = z.object({
  runId: z.string(),
  attempt: z.number().int().min(1),
  spec: exerciseSpec,
  submission: z.object({ fileName: z.string(), sha256: z.string(), bytes: z.number() }),
  hidden: z.object({ bytes: z.number() }),
  /** The machine's own timer powers it off by then; sooner if the machine's lease ends sooner. */
  leaseUntil: z.iso.datetime(),
});
export type RunOrder = z.infer<typeof runOrder>;

/** What of a run's files lies in the store. */
export type RunFile = "submission" | "hidden";

/**
 * Where the store itself gives a file, to whoever has the address, for a few minutes. How long the file is and what its
 * hash is stands in the order, whoever gives it.
 */
export const fileLink = z.object({ url: z.url({ protocol: /^https?$/ }) });
export type FileLink = z.infer<typeof fileLink>;

export const runEvent = z.discriminatedUnion("type", [
  /** One line of output, no newline; check is null for the machine's own lines. */
  z.object({ type: z.literal("log"), check: name.nullable(), line: z.string().max(8192) }),
  z.object({ type: z.literal("check-started"), check: name, title: name }),
  z.object({
    type: z.literal("check-finished"),
    check: name,
    title: name,
    verdict: z.enum(verdicts),
    points,
    maxPoints: points,
    durationMs,
    /** Both missing in what an older agent says: they come with its result. */
    fault: z.enum(faults).nullable().optional(),
    message: checkMessage.optional(),
  }),
  /** A change of the run's own state, written by Drydock, never by the agent. */
  z.object({ type: z.literal("state"), state: z.string().max(100), detail: z.string().max(8192).nullable() }),
]);
export type RunEvent = z.infer<typeof runEvent>;

/** seq is dense from 1 within one attempt. */
export const sequencedEvent = z.object({
  /** At most what the column holds. */
  seq: z.number().int().min(1).max(2_147_483_647),
  at: z.iso.datetime(),
  event: runEvent,
});
export type SequencedEvent = z.infer<typeof sequencedEvent>;

export const eventBatch = z.object({ events: listOf(sequencedEvent, 500).refine((list) => list.length > 0) });
export type EventBatch = z.infer<typeof eventBatch>;
export const eventAck = z.object({ nextSeq: z.number().int() });
export type EventAck = z.infer<typeof eventAck>;

export const heartbeat = z.object({ phase: z.enum(["idle", "fetching", "grading", "reporting"]) });
export type Heartbeat = z.infer<typeof heartbeat>;
export const heartbeatReply = z.object({ leaseUntil: z.iso.datetime(), cancel: z.boolean() });
export type HeartbeatReply = z.infer<typeof heartbeatReply>;

/**
 * What an instance was told: interruption: it ends at this instant; rebalance: since this instant it is likelier than
 * others to be interrupted.
 */
export const instanceNotice = z.object({ kind: z.enum(["interruption", "rebalance"]), at: z.iso.datetime() });
export type InstanceNotice = z.infer<typeof instanceNotice>;
export const noticeAck = z.object({});

/**
 * What kept a machine from grading. A code and a check's id, never a sentence: what students read is written by
 * Drydock (grading/runs/fault-in-words.ts), and what the machine says of it may quote answers and its own inside.
 */
export const runFault = z.object({
  /** check: a check of the exercise. files, or a facility's name: what was not there for them. agent: anything else. */
  code: z.string().regex(facilityName),
  /** Id of the check, of code check. */
  check: z.string().max(200).nullable(),
  /** Whether the check was tried twice in this machine. */
  triedAgain: z.boolean(),
  /** Seen by staff only. */
  detail: z.string().max(70_000),
});
export type RunFault = z.infer<typeof runFault>;

export const runResult = z.object({
  runId: z.string().max(100),
  attempt: z.number().int(),
  /**
   * platform_fault: the machine could not grade. check_fault: a check broke on what was handed in while the machine
   * was well, so that another machine hardly helps. The rules for both are transitionRun's.
   */
  outcome: z.enum(["graded", "platform_fault", "check_fault"]),
  /** null when graded. */
  fault: runFault.nullable(),
  checks: listOf(checkOutcome, 200),
});
export type RunResult = z.infer<typeof runResult>;
export const resultAck = z.object({ accepted: z.boolean() });
export type ResultAck = z.infer<typeof resultAck>;
