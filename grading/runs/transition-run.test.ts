import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isFinal,
  isWaitCode,
  lastExcusedAttempt,
  maxCheckFaults,
  maxPlatformFaults,
  type RunSignal,
  type RunStatus,
  type WaitCode,
  waitCodes,
} from "./run-state.ts";
import { transitionRun } from "./transition-run.ts";

const at = new Date("2024-11-12T18:00:00Z");
const fresh: RunStatus = {
  state: "queued",
  attempt: 1,
  platformFaults: 0,
  checkFaults: 0,
  score: null,
  maxScore: null,
  reason: null,
  reasonCode: null,
  claimedAt: null,
  runningAt: null,
  finishedAt: null,
};

const types = [
  "claim",
  "provision",
  "start",
  "results-stored",
  "scored",
  "exercise-fault",
  "platform-fault",
  "check-fault",
  "no-machine",
  "wait",
  "supersede",
] as const;
/** Any signal; its attempt is given as a distance from the run's own, 0 most often. */
const anySignal = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      type: fc.constantFrom(...types),
      off: fc.oneof(
        { weight: 6, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }) },
      ),
      score: fc.integer({ min: 0, max: 100 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "cancel" as const, off: 0, score: 0 }) },
  { weight: 1, arbitrary: fc.constant({ type: "withdraw" as const, off: 0, score: 0 }) },
);
/** Stretches of the road: chance alone would seldom get far, or fail three times. */
const stretch = fc
  .tuple(
    fc.constantFrom(1, 2, 3, 4, 5),
    fc.constantFrom(null, null, "platform-fault" as const, "check-fault" as const, "no-machine" as const),
  )
  .map(([steps, end]) => [...types.slice(0, steps), ...(end === null ? [] : [end])])
  .map((names) => names.map((type) => ({ type, off: 0, score: 7 })));
const sequences = fc.array(
  fc.oneof({ weight: 1, arbitrary: anySignal.map((signal) => [signal]) }, { weight: 2, arbitrary: stretch }),
  { maxLength: 25 },
);

function signalFor(
  run: RunStatus,
  drawn: { type: RunSignal["type"]; off: number; score: number },
): RunSignal {
  const attempt = run.attempt + drawn.off;
  switch (drawn.type) {
    case "cancel":
      return { type: "cancel", reason: "Cancelled." };
    case "withdraw":
      return { type: "withdraw" };
    case "scored":
      return { type: "scored", attempt, score: drawn.score, maxScore: 100 };
    case "exercise-fault":
    case "platform-fault":
    case "no-machine":
      return { type: drawn.type, attempt, reason: "It broke." };
    case "wait": {
      const code = waitCodes[drawn.score % waitCodes.length] ?? "machine_image";
      return { type: "wait", attempt, code, reason: drawn.score % 3 === 0 ? null : "It broke." };
    }
    case "check-fault":
      return {
        type: "check-fault",
        attempt,
        reason: "A check broke.",
        staffReason: "The check build (docker/build) broke.",
        triedAgain: drawn.score % 2 === 0,
      };
    default:
      return { type: drawn.type, attempt };
  }
}

/** Plays the signals and hands each step to the rule. */
function play(
  drawn: { type: RunSignal["type"]; off: number; score: number }[],
  rule: (step: { before: RunStatus; after: RunStatus; signal: RunSignal; effects: string[] }) => void,
): RunStatus {
  let run = fresh;
  for (const [index, item] of drawn.entries()) {
    const signal = signalFor(run, item);
    const move = transitionRun(run, signal, new Date(at.getTime() + index * 1000));
    const after = move.outcome === "moved" ? move.state : run;
    const effects = move.outcome === "moved" ? move.effects.map((effect) => effect.type) : [];
    rule({ before: run, after, signal, effects });
    run = after;
  }
  return run;
}
const always = (rule: Parameters<typeof play>[1]) =>
  fc.assert(
    fc.property(sequences, (drawn) => {
      play(drawn.flat(), rule);
    }),
    { numRuns: 500 },
  );

describe("whatever happens to a run", () => {
  test("a final state never changes", () => {
    always(({ before, after }) => {
      if (isFinal(before.state)) expect(after).toEqual(before);
    });
  });

  test("the attempt grows by one on the way back to the queue, and never otherwise", () => {
    always(({ before, after }) => {
      const wentBack = after.state === "queued" && before.state !== "queued";
      expect(after.attempt).toBe(before.attempt + (wentBack ? 1 : 0));
    });
  });

  test("a signal of another attempt changes nothing", () => {
    always(({ before, after, signal }) => {
      if ("attempt" in signal && signal.attempt !== before.attempt) expect(after).toEqual(before);
    });
  });

  test("platform faults never pass their limit, and reaching it ends the run with staff told", () => {
    always(({ before, after, effects }) => {
      expect(after.platformFaults).toBeLessThanOrEqual(maxPlatformFaults);
      if (after.platformFaults === maxPlatformFaults && before.platformFaults < maxPlatformFaults) {
        expect(after.state).toBe("not_gradable");
        expect(effects).toContain("tell-staff");
      }
    });
  });

  test("a check that breaks takes at most two machines, counts as no fault of theirs, and staff are told which", () => {
    always(({ before, after, signal, effects }) => {
      expect(after.checkFaults).toBeLessThanOrEqual(maxCheckFaults);
      if (signal.type !== "check-fault" || after.checkFaults === before.checkFaults) return;
      expect(after.platformFaults).toBe(before.platformFaults);
      const last = signal.triedAgain || after.checkFaults === maxCheckFaults;
      expect(after.state).toBe(last ? "not_gradable" : "queued");
      expect(effects.includes("tell-staff")).toBe(last);
    });
  });

  test("it is never not gradable in silence", () => {
    always(({ before, after, effects }) => {
      if (after.state !== "not_gradable" || before.state === "not_gradable") return;
      expect(effects).toContain("tell-staff");
      expect(after.reason).not.toBe("");
    });
  });

  test("a student never pays for the platform: only stored results make a score", () => {
    always(({ before, after }) => {
      if (after.score === null) return;
      expect(after.state).toBe("graded");
      expect(before.state === "scoring" || before.state === "graded").toBe(true);
    });
  });

  test("no machine to be had is nobody's fault", () => {
    always(({ before, after, signal }) => {
      if (signal.type === "no-machine") expect(after.platformFaults).toBe(before.platformFaults);
    });
  });

  test("exactly one claim is open while it is under way, and none otherwise", () => {
    let open = 0;
    fc.assert(
      fc.property(sequences, (drawn) => {
        open = 0;
        play(drawn.flat(), ({ after, effects }) => {
          open += effects.filter((type) => type === "open-claim").length;
          open -= effects.filter((type) => type === "close-claim").length;
          const underWay = ["claimed", "provisioning", "running", "scoring"].includes(after.state);
          expect(open).toBe(underWay ? 1 : 0);
        });
      }),
      { numRuns: 500 },
    );
  });

  test("leaving an attempt releases its machine", () => {
    always(({ before, after, effects }) => {
      const had = ["claimed", "provisioning", "running"].includes(before.state);
      const has = ["claimed", "provisioning", "running"].includes(after.state);
      if (had && (!has || after.attempt !== before.attempt)) expect(effects).toContain("release-machine");
    });
  });

  test("every change is announced once, and times agree with the state as the database demands", () => {
    always(({ before, after, effects }) => {
      // A run that begins to wait; that it waits for the same a little longer is no news.
      const waits = before.reasonCode !== after.reasonCode && isWaitCode(after.reasonCode);
      const changed = before.state !== after.state || before.attempt !== after.attempt || waits;
      expect(effects.filter((type) => type === "announce")).toHaveLength(changed ? 1 : 0);
      expect(after.finishedAt !== null).toBe(isFinal(after.state));
      expect(after.score !== null).toBe(after.state === "graded");
      if (after.reasonCode !== null) {
        const state = isWaitCode(after.reasonCode) ? "queued" : "cancelled";
        expect([after.state, after.reason !== null]).toEqual([state, true]);
      }
      if (["claimed", "provisioning", "running", "scoring"].includes(after.state)) {
        expect(after.claimedAt).not.toBeNull();
      }
    });
  });

  test("it can still end: fed what its state waits for, it is graded", () => {
    fc.assert(
      fc.property(sequences, (drawn) => {
        let run = play(drawn.flat(), () => undefined);
        for (const type of ["claim", "provision", "start", "results-stored", "scored"] as const) {
          const move = transitionRun(run, signalFor(run, { type, off: 0, score: 5 }), at);
          if (move.outcome === "moved") run = move.state;
        }
        expect(isFinal(run.state)).toBe(true);
      }),
    );
  });
});

test("waiting for what machines are made from costs no attempt and no fault, and ends without a word", () => {
  const wait = (run: RunStatus, reason: string | null) =>
    transitionRun(run, { type: "wait", attempt: 1, code: "machine_image", reason }, at);
  const waiting = wait(fresh, "It is being made: 40 %.");
  const told = { reason: "It is being made: 40 %.", reasonCode: "machine_image" };
  expect(waiting).toMatchObject({ state: { ...fresh, ...told } });
  if (waiting.outcome !== "moved") throw new Error("A queued run can wait.");
  expect(wait(waiting.state, "It is being made: 40 %.").outcome).toBe("ignored");
  expect(wait(waiting.state, "It is being made: 50 %.")).toMatchObject({ outcome: "moved", effects: [] });
  expect(wait(waiting.state, null)).toMatchObject({ state: fresh, effects: [] });
});

test("a wait is known by its code, never by its words: a run keeps why it is queued again", () => {
  const again: RunStatus = { ...fresh, attempt: 2, reason: "The machine went silent." };
  const nothing = transitionRun(again, { type: "wait", attempt: 2, code: "machine_image", reason: null }, at);
  expect(nothing.outcome).toBe("ignored");
  const waiting = transitionRun(
    again,
    { type: "wait", attempt: 2, code: "machine_image", reason: "The machine went silent." },
    at,
  );
  expect(waiting).toMatchObject({ outcome: "moved", state: { reasonCode: "machine_image" } });
  if (waiting.outcome !== "moved") throw new Error("A queued run can wait.");
  const claimed = transitionRun(waiting.state, { type: "claim", attempt: 2 }, at);
  expect(claimed).toMatchObject({ state: { reason: null, reasonCode: null } });
});

test("that no machine can be had is said before what machines are made from, and ends by itself", () => {
  const wait = (run: RunStatus, code: WaitCode, reason: string | null) => {
    const move = transitionRun(run, { type: "wait", attempt: 1, code, reason }, at);
    return move.outcome === "moved" ? move.state : run;
  };
  const none = { reason: "No machines.", reasonCode: "no_machines" };
  const image = wait(fresh, "machine_image", "It is being made: 40 %.");
  const waiting = wait(image, "no_machines", "No machines.");
  expect(waiting).toMatchObject(none);
  expect(wait(waiting, "machine_image", "It is being made: 50 %.")).toMatchObject(none);
  expect(wait(waiting, "machine_image", null)).toMatchObject(none);
  expect(wait(waiting, "no_machines", null)).toEqual(fresh);
});

test("a run that got no machine waits for one, and says so until machines can be had", () => {
  const claimed: RunStatus = { ...fresh, state: "claimed", claimedAt: at };
  const move = transitionRun(claimed, { type: "no-machine", attempt: 1, reason: "No machines." }, at);
  expect(move).toMatchObject({
    state: { state: "queued", reason: "No machines.", reasonCode: "no_machines" },
  });
});

test("only a run that has not had its turn is superseded", () => {
  const supersede = (run: RunStatus) => transitionRun(run, { type: "supersede", attempt: run.attempt }, at);
  expect(supersede(fresh)).toMatchObject({ state: { state: "cancelled", reasonCode: "superseded" } });
  expect(supersede({ ...fresh, attempt: 2 }).outcome).toBe("ignored");
  expect(supersede({ ...fresh, state: "running", claimedAt: at, runningAt: at }).outcome).toBe("ignored");
});

test("only a run that waits is withdrawn, whichever attempt of it", () => {
  const withdraw = (run: RunStatus) => transitionRun(run, { type: "withdraw" }, at);
  const cancelled = { state: { state: "cancelled", reasonCode: "withdrawn", finishedAt: at } };
  expect(withdraw(fresh)).toMatchObject(cancelled);
  expect(withdraw({ ...fresh, attempt: 2 })).toMatchObject(cancelled);
  expect(withdraw({ ...fresh, state: "claimed", claimedAt: at }).outcome).toBe("refused");
  expect(withdraw({ ...fresh, state: "running", claimedAt: at, runningAt: at }).outcome).toBe("refused");
});

test("a check that broke twice in one machine takes no other, and staff are told more than the student", () => {
  const running: RunStatus = { ...fresh, state: "running", claimedAt: at, runningAt: at };
  const signal = { type: "check-fault", attempt: 1, reason: "“Build” broke.", triedAgain: true } as const;
  const move = transitionRun(
    running,
    { ...signal, staffReason: "The check build (docker/build) broke." },
    at,
  );
  if (move.outcome !== "moved") throw new Error(move.why);
  expect(move.state).toMatchObject({ state: "not_gradable", reason: "“Build” broke.", checkFaults: 1 });
  const seen = move.effects.filter((effect) => effect.type !== "tell-staff");
  expect(JSON.stringify(seen)).not.toContain("docker/build");
  expect(move.effects).toContainEqual({
    type: "tell-staff",
    action: "run.not_gradable",
    reason: "The check build (docker/build) broke.",
  });
});

test("results that are stored survive the loss of the machine", () => {
  const scoring: RunStatus = { ...fresh, state: "scoring", claimedAt: at, runningAt: at };
  const move = transitionRun(scoring, { type: "platform-fault", attempt: 1, reason: "Gone." }, at);
  expect(move.outcome).toBe("ignored");
});

test("a second claim of one attempt is ignored: two workers cannot both have it", () => {
  const first = transitionRun(fresh, { type: "claim", attempt: 1 }, at);
  if (first.outcome !== "moved") throw new Error("A queued run can be claimed.");
  expect(transitionRun(first.state, { type: "claim", attempt: 1 }, at).outcome).toBe("ignored");
});

test("a run whose every attempt is excused ends all the same, and staff are told", () => {
  let run = fresh;
  for (let round = 0; !isFinal(run.state); round++) {
    if (round > 100) throw new Error("It goes on without end.");
    const { attempt } = run;
    const lost = {
      type: "platform-fault",
      attempt,
      reason: "Drydock was restarted.",
      excused: true,
    } as const;
    for (const signal of [{ type: "claim", attempt } as const, lost]) {
      const moved = transitionRun(run, signal, at);
      if (moved.outcome !== "moved") throw new Error(moved.outcome);
      run = moved.state;
      if (run.state === "not_gradable") expect(moved.effects.map(({ type }) => type)).toContain("tell-staff");
    }
    expect(run.platformFaults > 0).toBe(attempt > lastExcusedAttempt);
  }
  expect([run.state, run.attempt]).toEqual(["not_gradable", lastExcusedAttempt + maxPlatformFaults]);
});
