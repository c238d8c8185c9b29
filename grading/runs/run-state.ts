export const runStates = [
  "queued",
  "claimed",
  "provisioning",
  "running",
  "scoring",
  "graded",
  "not_gradable",
  "cancelled",
] as const;
export type RunState = (typeof runStates)[number];

const finalStates: readonly RunState[] = ["graded", "not_gradable", "cancelled"];

/** States of runs under way, from the queue on. */
export const openStates: RunState[] = runStates.filter((state) => !finalStates.includes(state));

/** A final run never changes again; a rerun is another run. */
export function isFinal(state: RunState): boolean {
  return finalStates.includes(state);
}

/**
 * Those that people call by the same word, the first of which stands for them: from its claim on a run's machine boots,
 * and scoring is the end of grading.
 */
const calledAlike: readonly (readonly RunState[])[] = [
  ["provisioning", "claimed"],
  ["running", "scoring"],
];

/** The states that are called as this one is, itself included. */
export function statesLike(state: RunState): readonly RunState[] {
  return calledAlike.find((states) => states.includes(state)) ?? [state];
}

/** One state for each word that people use, in the order of a run's road. */
export const saidStates: readonly RunState[] = runStates.filter((state) => statesLike(state)[0] === state);

/**
 * What a queued run can wait for beside its turn: that its machine's image is made, that machines can be started, that
 * there is money for one, that staff let machines be started again. A later one is said before an earlier one, which
 * matters little as long as it lasts.
 */
export const waitCodes = ["machine_image", "no_machines", "budget", "fleet_stopped"] as const;
export type WaitCode = (typeof waitCodes)[number];

/** Reasons that rules go by. superseded: cancelled by the bound of the queue; withdrawn: by its student. */
export type RunReasonCode = WaitCode | "superseded" | "withdrawn";

/** Whether this is why a queued run waits, rather than how its attempt before ended. */
export function isWaitCode(code: RunReasonCode | null): code is WaitCode {
  return waitCodes.some((wait) => wait === code);
}

/** Those that are said before this one. */
export function waitsBefore(code: WaitCode): WaitCode[] {
  return waitCodes.slice(waitCodes.indexOf(code) + 1);
}

/** After this many platform faults a run stops trying and is not gradable. */
export const maxPlatformFaults = 3;
/** From this attempt on nothing is excused: a run whose every attempt ends so would cost machines without end, and no staff would hear of it. */
export const lastExcusedAttempt = 20;

/**
 * After this many check faults a run stops trying: what broke a check while its machine was well will most likely
 * break it everywhere, and nobody may keep three machines busy with it.
 */
export const maxCheckFaults = 2;

/** The columns of a run that only transitionRun decides. */
export interface RunStatus {
  state: RunState;
  /** 1 at first; +1 each time the run goes back to queued. Never lower. */
  attempt: number;
  platformFaults: number;
  /** Attempts that ended because a check broke on what was handed in; neither the student's fault nor the machine's. */
  checkFaults: number;
  score: number | null;
  maxScore: number | null;
  /** Why it is not gradable, cancelled or back in the queue: one sentence. */
  reason: string | null;
  /** null: the reason is for people alone. */
  reasonCode: RunReasonCode | null;
  claimedAt: Date | null;
  runningAt: Date | null;
  finishedAt: Date | null;
}

/** What can happen to a run. All but cancel and withdraw name the attempt they speak of, so that an older one has no say. */
export type RunSignal =
  | { type: "claim"; attempt: number }
  /** The machine's row exists; the launch comes next. */
  | { type: "provision"; attempt: number }
  /** The agent took the order. */
  | { type: "start"; attempt: number }
  /** The check results are stored with this transition, in one transaction. */
  | { type: "results-stored"; attempt: number }
  | { type: "scored"; attempt: number; score: number; maxScore: number }
  /** The exercise itself cannot grade; another attempt would end the same way. staffReason: what only they are told. */
  | { type: "exercise-fault"; attempt: number; reason: string; staffReason?: string }
  /**
   * The machine was interrupted, went silent, or said that it cannot grade. excused: by nothing that a machine or the
   * run could have caused, such as a gap in which nobody could be heard; it costs the attempt and is not charged.
   */
  | { type: "platform-fault"; attempt: number; reason: string; staffReason?: string; excused?: boolean }
  /** A check broke on what was handed in while its machine was well; triedAgain: twice in that machine. */
  | { type: "check-fault"; attempt: number; reason: string; staffReason: string; triedAgain: boolean }
  /** No machine was to be had; nobody's fault, so nothing is charged. */
  | { type: "no-machine"; attempt: number; reason: string }
  /** What has to be there before it can start: one sentence; null: it waits for that no more. */
  | { type: "wait"; attempt: number; code: WaitCode; reason: string | null }
  /** Too many newer submissions of the same student to the same exercise wait. */
  | { type: "supersede"; attempt: number }
  | { type: "cancel"; reason: string }
  /** By its student, while it waits. */
  | { type: "withdraw" };

/** What must be done in the same transaction as the transition (enqueue: after its commit). */
export type RunEffect =
  | { type: "open-claim"; attempt: number }
  | { type: "close-claim"; attempt: number; outcome: string }
  | { type: "announce"; state: RunState; attempt: number; detail: string | null }
  | { type: "release-machine"; attempt: number; reason: string }
  /** reason may say more than students are told. */
  | { type: "tell-staff"; action: "run.not_gradable"; reason: string }
  /** From now on this run is its submission's result. */
  | { type: "count" }
  /** The submission has a result: nothing is left to do about runs of it that could not be graded. */
  | { type: "settle-notices" }
  | { type: "enqueue" };

export type RunTransition =
  | { outcome: "moved"; state: RunStatus; effects: RunEffect[] }
  /** Expected and harmless: it happened before, or no longer matters. */
  | { outcome: "ignored"; why: string }
  /** The sender is wrong: an older attempt, or out of order. */
  | { outcome: "refused"; why: string };
