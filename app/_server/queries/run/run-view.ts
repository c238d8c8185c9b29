import type { KubernetesSettings } from "#grading/machine/facilities/catalogue.ts";
import type { CheckMessage, DrillTimeline } from "#grading/protocol/messages.ts";
import type { RunReasonCode, RunState } from "#grading/runs/run-state.ts";
import type { Fault, MachineState, Verdict } from "#infra/db/generated/enums.ts";
import type { StudentRerunView } from "./student-rerun.ts";

/**
 * One run as the API answers it and as the run page shows it. Instants are ISO 8601 in UTC, durations say their
 * unit, money is USD. Holds nothing that only staff may see.
 */
export interface RunView {
  run: {
    id: string;
    submissionId: string;
    state: RunState;
    /** graded, not_gradable or cancelled: nothing changes any more but the machine's last seconds. */
    final: boolean;
    /** 1 at first; +1 each time the run went back to the queue, also where it had got no machine. */
    attempt: number;
    /** Whether this is the submission's result. */
    counts: boolean;
    score: number | null;
    /** null where the exercise cannot be read and nothing was graded. */
    maxScore: number | null;
    /** Why it is not gradable, cancelled or back in the queue: one sentence. */
    reason: string | null;
    /** null: the reason is for people alone. */
    reasonCode: RunReasonCode | null;
    /** Tries that failed by a fault of Drydock's. */
    platformFaults: number;
    /** 1 for the first run of its submission. */
    number: number;
    /** Staff asked for it, by a rerun. */
    byStaff: boolean;
    queuedAt: string;
    finishedAt: string | null;
  };
  course: { id: string; slug: string; code: string; title: string; timeZone: string };
  assignment: { slug: string; title: string };
  exercise: { slug: string; title: string };
  /** What the exercise is worth in the course's points; null while nobody knows. */
  share: number | null;
  /** The Kubernetes that its machine starts before the first check; null where the exercise asks for none. */
  kubernetes: KubernetesSettings | null;
  student: { id: string; name: string };
  /** When each stretch of the current attempt's road began; null while it has not. */
  road: {
    /** When the run was queued; of a later attempt, when it went back to the queue. */
    queuedAt: string;
    claimedAt: string | null;
    bootingAt: string | null;
    runningAt: string | null;
    /** When the first check began: until then the machine starts its Kubernetes. null where there is none. */
    kubernetesReadyAt: string | null;
    finishedAt: string | null;
  };
  /** Every check of the exercise, in order, whether it was reached or not. */
  checks: CheckView[];
  /** Why only what was stored beside the exercise is shown: one sentence; null when the exercise could be read. */
  unreadable: string | null;
  standing: StandingView;
  receipt: ReceiptView;
  /** The machine of the current attempt. */
  machine: MachineView | null;
  /** What the machines of all its attempts have cost so far, together. */
  costUsd: number;
  /**
   * How long its log is kept, and, of a log that was removed, since when it is gone. lines: how many there are; null
   * while the run goes on.
   */
  logKept: { days: number; removedAt: string | null; lines: number | null };
  /** How long runs like it take once a machine has them; null of a run that has ended, and without any to tell from. */
  usual: UsualView | null;
  /** null unless the run waits in the queue. */
  queue: QueueView | null;
  /** What became of each attempt, first to last. */
  attempts: AttemptView[];
}

/** How the run stands among all of its submission. */
export interface StandingView extends StudentRerunView {
  /** How many runs the submission has. */
  runs: number;
  /** The run that counts; null when it is this one. */
  counted: RunBrief | null;
  /** The run that has not ended; null when there is none, or it is this one. */
  underWay: RunBrief | null;
}

export interface RunBrief {
  id: string;
  /** 1 for the first run of the submission. */
  number: number;
  finishedAt: string | null;
  state: RunState;
  score: number | null;
  maxScore: number | null;
}

export interface CheckView {
  id: string;
  kind: string;
  title: string;
  progress: "waiting" | "running" | "finished";
  /** null until it finished. */
  verdict: Verdict | null;
  fault: Fault | null;
  points: number;
  maxPoints: number;
  /** null until the check finished, or, where an older agent graded, until the run's result arrived. */
  message: CheckMessage | null;
  durationMs: number | null;
  /** What a failure drill saw, for the page to replay; null for every other check. */
  timeline: DrillTimeline | null;
}

export interface ReceiptView {
  submissionId: string;
  /** Of the submission; 1 for the student's first to the exercise. */
  number: number;
  fileName: string;
  bytes: number;
  /** hex */
  sha256: string;
  receivedAt: string;
  dueAt: string | null;
  late: boolean;
  jws: string;
}

export interface MachineView {
  id: string;
  provider: string;
  state: MachineState;
  /** From its request to its end, or to now while it lives. */
  seconds: number;
  /** What it has cost so far while it lives. */
  costUsd: number;
}

export interface QueueView {
  /** 1 for the run that starts next. */
  position: number;
  /** A newer submission of the same student to the same exercise is graded first, and decides the grade. */
  superseded: boolean;
  /** Until this run is expected to start; null when there is nothing to estimate from (why says so). */
  estimateSeconds: number | null;
  /** Until its end: as usual, and when everything is as slow as the slowest tenth. */
  finishSeconds: number | null;
  slowFinishSeconds: number | null;
  /** How many past runs the estimate rests on. */
  basedOn: number;
  /** How the run stands that should have ended and let this one start; null while the estimate holds. */
  overdue: { seconds: number; usualSeconds: number } | null;
  why: string | null;
  /** What must be there before any run like this one can start: one sentence; null when it waits for its turn alone. */
  waitsFor: string | null;
}

export interface UsualView {
  seconds: number;
  /** Of the slowest tenth. */
  slowSeconds: number;
  /** How many past runs this rests on. */
  basedOn: number;
}

export interface AttemptView {
  attempt: number;
  openedAt: string;
  closedAt: string | null;
  /** As the run's state machine named it; null while the attempt is open. */
  outcome: string | null;
  /** false: none was to be had, so nothing was tried. */
  hadMachine: boolean;
}
