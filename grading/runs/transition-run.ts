import {
  isFinal,
  lastExcusedAttempt,
  maxCheckFaults,
  maxPlatformFaults,
  type RunEffect,
  type RunSignal,
  type RunState,
  type RunStatus,
  type RunTransition,
  waitsBefore,
} from "./run-state.ts";

const withdrawnReason = "Cancelled by its student while it waited in the queue.";
const supersededReason =
  "Newer submissions of yours took its place in the queue, so this one was not graded. Run it again if you need its score.";

/** States in which a machine is expected to be at work, or on its way. */
const underWay: readonly RunState[] = ["claimed", "provisioning", "running"];

/**
 * The one place that decides a run's state. Pure: the store applies the result with a compare-and-set on
 * (state, attempt) and carries out the effects in the same transaction.
 */
export function transitionRun(run: RunStatus, signal: RunSignal, now: Date): RunTransition {
  if (signal.type === "cancel") return cancel(run, signal.reason, now);
  if (signal.type === "withdraw") return withdraw(run, now);
  if (signal.attempt !== run.attempt) {
    return refused(`Attempt ${signal.attempt} is over; the run is at attempt ${run.attempt}.`);
  }
  switch (signal.type) {
    case "claim":
      return claim(run, now);
    case "provision":
      return forward(run, "claimed", "provisioning", {}, "The machine is starting.");
    case "start":
      return forward(run, "provisioning", "running", { runningAt: now }, "The machine is grading.");
    case "results-stored":
      return storeResults(run);
    case "scored":
      return scored(run, signal, now);
    case "exercise-fault":
      return exerciseFault(run, signal, now);
    case "platform-fault":
      return platformFault(run, signal, now);
    case "check-fault":
      return checkFault(run, signal, now);
    case "no-machine":
      return noMachine(run, signal.reason);
    case "wait":
      return wait(run, signal);
    case "supersede":
      return supersede(run, now);
  }
}

function claim(run: RunStatus, now: Date): RunTransition {
  if (run.state !== "queued") return ignored(`The run is ${run.state} already.`);
  const detail = "A machine is being requested.";
  // What it waited for is there.
  const reason = run.reasonCode === null ? run.reason : null;
  return moved(run, { state: "claimed", reason, claimedAt: now, runningAt: null }, detail, [
    { type: "open-claim", attempt: run.attempt },
  ]);
}

function forward(
  run: RunStatus,
  from: RunState,
  to: RunState,
  change: Partial<RunStatus>,
  detail: string,
): RunTransition {
  if (run.state === to) return ignored(`The run is ${to} already.`);
  if (run.state !== from) return refused(`A run that is ${run.state} cannot become ${to}.`);
  return moved(run, { ...change, state: to }, detail, []);
}

function storeResults(run: RunStatus): RunTransition {
  if (run.state === "scoring" || run.state === "graded" || run.state === "not_gradable") {
    return ignored("The results of this attempt are stored already.");
  }
  if (run.state !== "running") return refused(`A run that is ${run.state} takes no results.`);
  return moved(run, { state: "scoring" }, "All checks have reported.", [
    { type: "release-machine", attempt: run.attempt, reason: "The run has reported its result." },
  ]);
}

function scored(run: RunStatus, result: { score: number; maxScore: number }, now: Date): RunTransition {
  if (run.state === "graded") return ignored("The run is graded already.");
  if (run.state !== "scoring") return refused(`A run that is ${run.state} cannot be scored.`);
  const { score, maxScore } = result;
  const change = { state: "graded", score, maxScore, reason: null, finishedAt: now } as const;
  return moved(run, change, `Graded: ${score} of ${maxScore} points.`, [
    { type: "close-claim", attempt: run.attempt, outcome: "graded" },
    { type: "count" },
    { type: "settle-notices" },
  ]);
}

/** In any state before the end: an exercise may prove faulty before a machine is asked for. */
function exerciseFault(run: RunStatus, reasons: FaultReasons, now: Date): RunTransition {
  if (run.state === "not_gradable") return ignored("The run is not gradable already.");
  if (isFinal(run.state)) return refused(`The run is ${run.state}; nothing can be at fault any more.`);
  return giveUp(run, {}, reasons, now);
}

type FaultReasons = { reason: string; staffReason?: string };

function platformFault(
  run: RunStatus,
  reasons: FaultReasons & { excused?: boolean },
  now: Date,
): RunTransition {
  const noMatter = whyNoFault(run);
  if (noMatter) return noMatter;
  const excused = reasons.excused === true && run.attempt <= lastExcusedAttempt;
  const platformFaults = run.platformFaults + (excused ? 0 : 1);
  if (platformFaults >= maxPlatformFaults) return giveUp(run, { platformFaults }, reasons, now);
  return backToQueue(run, { platformFaults }, reasons.reason, "Trying again.");
}

/**
 * A check that broke twice in one machine is given up at once; one that could not be repeated there is tried on one
 * further machine.
 */
function checkFault(
  run: RunStatus,
  signal: FaultReasons & { triedAgain: boolean },
  now: Date,
): RunTransition {
  const noMatter = whyNoFault(run);
  if (noMatter) return noMatter;
  const checkFaults = run.checkFaults + 1;
  if (signal.triedAgain || checkFaults >= maxCheckFaults) return giveUp(run, { checkFaults }, signal, now);
  return backToQueue(run, { checkFaults }, signal.reason, "Trying once more, on another machine.");
}

/** Why a fault of a run's machine changes nothing; null when it does. */
function whyNoFault(run: RunStatus): RunTransition | null {
  // Results that are stored need no machine any more: Drydock finishes such a run by itself.
  if (run.state === "scoring") return ignored("The results are stored; the machine is not needed any more.");
  if (isFinal(run.state)) return ignored(`The run is ${run.state} already.`);
  return underWay.includes(run.state) ? null : refused("A queued run has no machine that could fail.");
}

function noMachine(run: RunStatus, reason: string): RunTransition {
  if (run.state !== "claimed" && run.state !== "provisioning") {
    return ignored(`A run that is ${run.state} waits for no machine.`);
  }
  return backToQueue(run, { reasonCode: "no_machines" }, reason, "Waiting for a machine.");
}

/** Told once: what follows is the same wait with other numbers, which whoever looks at the run reads from it. */
function wait(run: RunStatus, { code, reason }: RunSignal & { type: "wait" }): RunTransition {
  if (run.state !== "queued") return ignored(`The run is ${run.state} already.`);
  const before = run.reasonCode === code;
  if (reason === null) {
    if (!before) return ignored("The run waits for nothing but its turn.");
    return { outcome: "moved", state: { ...run, reason, reasonCode: null }, effects: [] };
  }
  if (before && run.reason === reason) return ignored("The run waits for this already.");
  // Without any machine it matters little what machines are made from, and so on.
  if (waitsBefore(code).some((other) => other === run.reasonCode))
    return ignored("The run waits for more than that.");
  const change = { reason, reasonCode: code };
  return before
    ? { outcome: "moved", state: { ...run, ...change }, effects: [] }
    : moved(run, change, reason, []);
}

/** Only what has not had its turn: grading that has begun is brought to its end. */
function supersede(run: RunStatus, now: Date): RunTransition {
  if (run.state !== "queued") return ignored(`The run is ${run.state} already.`);
  if (run.attempt > 1) return ignored("The run has had its turn.");
  const reason = supersededReason;
  return moved(run, { state: "cancelled", reason, reasonCode: "superseded", finishedAt: now }, reason, []);
}

/** Only what waits: a machine that is at work for it costs what it costs, and its result is worth having. */
function withdraw(run: RunStatus, now: Date): RunTransition {
  if (run.state !== "queued")
    return refused(`The run is ${run.state}; its student can cancel only what waits.`);
  const change = { reason: withdrawnReason, reasonCode: "withdrawn" } as const;
  return moved(run, { ...change, state: "cancelled", finishedAt: now }, withdrawnReason, []);
}

function cancel(run: RunStatus, reason: string, now: Date): RunTransition {
  if (run.state === "cancelled") return ignored("The run is cancelled already.");
  if (isFinal(run.state)) return refused(`The run is ${run.state}; only an unfinished run can be cancelled.`);
  if (run.state === "scoring") return refused("The run has its result already; it cannot be cancelled.");
  const effects: RunEffect[] = underWay.includes(run.state)
    ? [
        { type: "close-claim", attempt: run.attempt, outcome: "cancelled" },
        { type: "release-machine", attempt: run.attempt, reason: "The run was cancelled." },
      ]
    : [];
  return moved(run, { state: "cancelled", reason, finishedAt: now }, reason, effects);
}

function backToQueue(
  run: RunStatus,
  change: Partial<RunStatus>,
  reason: string,
  next: string,
): RunTransition {
  const back = {
    ...change,
    state: "queued",
    attempt: run.attempt + 1,
    reason,
    claimedAt: null,
    runningAt: null,
  };
  return moved(run, back as Partial<RunStatus>, `${reason} ${next}`, [
    { type: "close-claim", attempt: run.attempt, outcome: reason },
    { type: "release-machine", attempt: run.attempt, reason },
    { type: "enqueue" },
  ]);
}

function giveUp(
  run: RunStatus,
  change: Partial<RunStatus>,
  { reason, staffReason = reason }: FaultReasons,
  now: Date,
): RunTransition {
  const attemptOver: RunEffect[] = [
    { type: "close-claim", attempt: run.attempt, outcome: reason },
    { type: "release-machine", attempt: run.attempt, reason },
  ];
  return moved(
    run,
    { ...change, state: "not_gradable", reason, finishedAt: now },
    `${reason} This run could not be graded; staff have been told.`,
    [
      ...(run.state === "queued" ? [] : attemptOver),
      { type: "tell-staff", action: "run.not_gradable", reason: staffReason },
    ],
  );
}

function moved(
  run: RunStatus,
  change: Partial<RunStatus>,
  detail: string | null,
  effects: RunEffect[],
): RunTransition {
  const state = { ...run, reasonCode: null, ...change };
  const announce: RunEffect = { type: "announce", state: state.state, attempt: state.attempt, detail };
  return { outcome: "moved", state, effects: [announce, ...effects] };
}

const ignored = (why: string): RunTransition => ({ outcome: "ignored", why });
const refused = (why: string): RunTransition => ({ outcome: "refused", why });
