import type { z } from "zod";
import type { CheckMessage, DrillTimeline } from "../../../protocol/messages.ts";
import type { CheckKind } from "./define-kind.ts";
import type { KubernetesCluster } from "./kubernetes-cluster.ts";
import type { Excerpt } from "./shown/excerpt.ts";
import type { Shown } from "./shown/shown.ts";

/** How one command ended. Output is the tail-safe capture: never lost from the front, cut with a notice at the cap. */
export interface CommandResult {
  exitCode: number | null;
  /** The supervisor's own knowledge, never parsed from output. */
  ended: "exited" | "timed-out" | "output-flood" | "cancelled";
  stdout: string;
  stderr: string;
  durationMs: number;
}

export interface RunCommandOptions {
  /** Working directory; the submission's folder by default. */
  cwd?: string;
  env?: Record<string, string>;
  /** Seconds; the rest of the check's time limit by default. */
  timeoutSeconds?: number;
  input?: string;
  /** Send each line to the live log; true by default. */
  live?: boolean;
  /** Gets what it writes, as it comes. */
  excerpt?: Pick<Excerpt, "write">;
  /** Stop the command when it has written more than this; capped and cut with a notice otherwise. */
  floodBytes?: number;
  /** Stops the command (ended: cancelled) before the check's own time limit. */
  signal?: AbortSignal;
}

/** What the system refused a container at any time so far, read from outside of it. */
export interface ContainerRefusals {
  /** A process of it was ended for taking more than its memory, a child's too. */
  oomKilled: boolean;
  /** It wanted more processes and threads than it may have. */
  forksRefused: boolean;
}

/** How a student's container ended. oomKilled is the engine's flag: true even when a child died and the parent exited 0. */
export interface ContainerExit extends ContainerRefusals {
  exitCode: number;
  timedOut: boolean;
  output: string;
  outputCut: boolean;
  /** It wrote so much that it was ended. */
  flooded: boolean;
}

/** What a check may use. Everything here runs inside the machine, outside the student's containers. */
export interface CheckContext {
  /** Absolute folder with the student's files; treat every name in it as hostile. */
  submissionDir: string;
  /** Absolute folder with the exercise's hidden files; never mounted into a student's container writable. */
  hiddenDir: string;
  /** The machine's own Docker engine (dockerode). */
  docker: import("dockerode");
  /** What checks get of a facility. Throws when the exercise does not ask for it. */
  facility(name: string): unknown;
  /** The run's Kubernetes, all nodes ready. Throws when the exercise does not ask for one. */
  kubernetes(): KubernetesCluster;
  /** Points the check is worth, for partial credit. */
  maxPoints: number;
  /** Id of the check under way. */
  checkId: string;
  /** Tag of the image that docker/build made for this run, by build check id. */
  builtImages: Map<string, string>;
  /** Values that checks leave for checks that need them. */
  shared: Map<string, unknown>;
  /** Aborted at the check's time limit. */
  signal: AbortSignal;
  /** Milliseconds left of the check's time limit. */
  remainingMs(): number;
  /** Writes to the student's live log. */
  log(line: string): void;
  /** Writes to staff-only output. */
  staff(text: string): void;
  /** What the student may look at should the check fail. */
  shown: Shown;
  run(command: string[], options?: RunCommandOptions): Promise<CommandResult>;
}

export type CheckVerdict =
  | { verdict: "passed"; message: CheckMessage; timeline?: DrillTimeline }
  /** points: partial credit in [0, maxPoints]; 0 when omitted. */
  | { verdict: "failed"; message: CheckMessage; points?: number; timeline?: DrillTimeline }
  /** The exercise itself is wrong (a hidden file is missing, a setting makes no sense). */
  | { verdict: "not_graded"; fault: "exercise" | "platform"; message: CheckMessage };

export interface CheckDefinition<Settings extends z.ZodType = z.ZodType> extends CheckKind<Settings> {
  run(context: CheckContext, settings: z.output<Settings>): Promise<CheckVerdict>;
}

/** Joins a kind with what runs it in the machine; a check's check.ts has one of these as its only export. */
export function defineCheck<Settings extends z.ZodType>(
  kind: CheckKind<Settings>,
  run: CheckDefinition<Settings>["run"],
): CheckDefinition<Settings> {
  return { ...kind, run };
}
