import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import {
  applyEarlier,
  applyEvents,
  applyPlace,
  applyView,
  linesOf,
  type RunLive,
  startLive,
} from "./run-live.ts";

const at = "2024-11-24T12:00:00.000Z";

function view(over: Partial<RunView["run"]> = {}): RunView {
  return {
    run: {
      id: "run_1",
      submissionId: "sub_1",
      state: "queued",
      final: false,
      attempt: 1,
      counts: true,
      score: null,
      maxScore: 20,
      reason: null,
      reasonCode: null,
      platformFaults: 0,
      number: 1,
      byStaff: false,
      queuedAt: at,
      finishedAt: null,
      ...over,
    },
    course: { id: "crs", slug: "c", code: "C", title: "C", timeZone: "UTC" },
    assignment: { slug: "a", title: "A" },
    exercise: { slug: "e", title: "E" },
    share: null,
    student: { id: "u", name: "S" },
    kubernetes: null,
    unreadable: null,
    standing: { runs: 1, counted: null, underWay: null, studentRerunsLeft: null, noStudentRerun: null },
    road: {
      queuedAt: at,
      claimedAt: null,
      bootingAt: null,
      runningAt: null,
      kubernetesReadyAt: null,
      finishedAt: null,
    },
    checks: ["build", "http"].map((id) => ({
      id,
      kind: `docker/${id}`,
      title: id,
      progress: "waiting",
      verdict: null,
      fault: null,
      points: 0,
      maxPoints: 10,
      message: null,
      durationMs: null,
      timeline: null,
    })),
    receipt: {
      submissionId: "sub_1",
      number: 1,
      fileName: "work.zip",
      bytes: 10,
      sha256: "0",
      receivedAt: at,
      dueAt: null,
      late: false,
      jws: "j",
    },
    machine: null,
    costUsd: 0,
    usual: null,
    queue: null,
    attempts: [],
    logKept: { days: 180, removedAt: null, lines: null },
  };
}

const streamed = (id: number, event: RunEvent, attempt = 1): StreamedEvent => ({ id, attempt, at, event });
const state = (name: string): RunEvent => ({ type: "state", state: name, detail: null });
const started = (check: string): RunEvent => ({ type: "check-started", check, title: check });
const finished = (check: string): RunEvent => ({
  type: "check-finished",
  check,
  title: check,
  verdict: "passed",
  points: 10,
  maxPoints: 10,
  durationMs: 5,
});

const logLines = ({ log }: RunLive) =>
  log.groups.flatMap((group) => group.chunks.flat()).sort((a, b) => a.number - b.number);

const story: StreamedEvent[] = [
  streamed(1, state("queued")),
  streamed(2, state("claimed")),
  streamed(3, state("provisioning")),
  streamed(4, state("running")),
  streamed(5, started("build")),
  streamed(6, { type: "log", check: "build", line: "Step 1" }),
  streamed(7, finished("build")),
  streamed(8, started("http")),
];

describe("the run page as events arrive", () => {
  it("moves state and checks on and collects the log", () => {
    const live = applyEvents(startLive(view()), story);
    expect(live.view.run.state).toBe("running");
    expect(live.view.checks.map((check) => check.progress)).toEqual(["finished", "running"]);
    expect(logLines(live).map((line) => line.text)).toEqual(["Step 1"]);
  });

  it("says why a check failed as soon as it has, where the machine tells it", () => {
    const message = { expected: "Port 8080 answers.", happened: "Nothing listens.", fix: "Listen on 8080." };
    const told = {
      ...finished("build"),
      verdict: "failed",
      points: 0,
      fault: "student",
      message,
    } as RunEvent;
    const [build] = applyEvents(startLive(view()), [streamed(1, told)]).view.checks;
    expect(build).toMatchObject({ verdict: "failed", fault: "student", message });
    // An older agent tells it with the run's result.
    const [older] = applyEvents(startLive(view()), [streamed(1, finished("build"))]).view.checks;
    expect(older).toMatchObject({ progress: "finished", fault: null, message: null });
  });

  it("shows the same however the stream is cut, repeated or resumed", () => {
    const whole = applyEvents(startLive(view()), story);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: story.length }), { maxLength: 6 }), (cuts) => {
        let live = startLive(view());
        let sent = 0;
        for (const cut of cuts) {
          // A reconnect sends some again.
          live = applyEvents(live, story.slice(Math.min(cut, sent), cut));
          sent = Math.max(sent, cut);
        }
        expect(applyEvents(live, story)).toEqual(whole);
      }),
    );
  });

  it("never moves back when the stream replays what the server's view already knows", () => {
    const ahead = view({ state: "graded", final: true, score: 20 });
    const live = applyEvents(startLive(ahead), story);
    expect(live.view).toEqual(ahead);
    expect(logLines(live)).toHaveLength(1);
  });

  it("starts the checks anew when the run went back to the queue", () => {
    const live = applyEvents(applyEvents(startLive(view()), story), [
      streamed(9, state("queued"), 2),
      streamed(10, { type: "log", check: null, line: "hello again" }, 2),
    ]);
    expect(live.view.run).toMatchObject({ attempt: 2, state: "queued" });
    expect(live.view.checks.every((check) => check.progress === "waiting")).toBe(true);
    expect(logLines(live).map((line) => line.text)).toEqual(["Step 1", "hello again"]);
  });

  it("keeps what events told when an older answer of the server arrives late", () => {
    const live = applyEvents(startLive(view()), story);
    const late = applyView(live, view({ state: "claimed" }));
    expect(late.view.run.state).toBe("running");
    const same = applyView(live, view({ state: "running" }));
    expect(same.view.checks[0]?.progress).toBe("finished");
  });

  it("ends the start of a run's Kubernetes with its first check, and an older answer does not begin it again", () => {
    const kubernetes = { nodes: 1, namespaces: ["student"], podSecurity: "baseline" as const };
    const before = { ...view(), kubernetes };
    const booting = applyEvents(startLive(before), story.slice(0, 3));
    expect(booting.view.road.kubernetesReadyAt).toBeNull();
    const live = applyEvents(booting, story);
    const readyAt = story.find(({ event }) => event.type === "check-started")?.at;
    expect(live.view.road.kubernetesReadyAt).toBe(readyAt);
    const answer = { ...view({ state: "running" }), kubernetes };
    expect(applyView(live, answer).view.road.kubernetesReadyAt).toBe(readyAt);
    expect(applyEvents(startLive(view()), story).view.road.kubernetesReadyAt).toBeNull();
  });

  it("takes the server's final view whole", () => {
    const final = view({ state: "graded", final: true, score: 20 });
    expect(applyView(applyEvents(startLive(view()), story), final).view).toBe(final);
  });
});

describe("a page that came with the end of its log", () => {
  const long = [
    ...story.slice(0, 5),
    ...Array.from({ length: 6 }, (_, index) =>
      streamed(6 + index, { type: "log", check: index < 3 ? "build" : null, line: `line ${index + 1}` }),
    ),
    streamed(12, finished("build")),
  ];
  /** As the server cuts it: the last events, and how many lines come before them. */
  const tailOf = (from: number) => ({
    events: long.slice(from),
    before: long.slice(0, from).filter(({ event }) => event.type === "log").length,
  });
  const whole = applyEvents(startLive(view()), long);

  it("shows it at once under its own numbers, and knows how much is missing", () => {
    const live = startLive(view(), tailOf(9));
    expect(logLines(live).map(({ number, text }) => [number, text])).toEqual([
      [5, "line 5"],
      [6, "line 6"],
    ]);
    expect(linesOf(live)).toEqual({ here: 2, all: 6 });
  });

  it("has the whole log once the rest has come, wherever it was cut and whatever came meanwhile", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: long.length - 1 }),
        fc.nat({ max: 4 }),
        fc.boolean(),
        (from, half, liveFirst) => {
          const late = streamed(13, { type: "log", check: "build", line: "late" });
          let live = startLive(view(), tailOf(from));
          const rest = long.slice(0, from);
          const earlier = () => {
            live = applyEarlier(live, rest.slice(0, half), false);
            // An answer that was asked for twice brings nothing twice.
            live = applyEarlier(live, rest.slice(0, half), false);
            live = applyEarlier(live, rest.slice(half), true);
          };
          if (!liveFirst) earlier();
          live = applyEvents(live, [late]);
          if (liveFirst) earlier();
          expect(live.log).toEqual(applyEvents(whole, [late]).log);
          expect([live.gap, live.log.missing]).toEqual([null, 0]);
        },
      ),
    );
  });

  it("says how many lines there are of a run that ended while nothing was heard", () => {
    const ended = view({ state: "graded", final: true });
    ended.logKept = { ...ended.logKept, lines: 69 };
    const live = applyView(applyEvents(startLive(view()), long), ended);
    expect(linesOf(live)).toEqual({ here: 6, all: 69 });
  });
});

describe("the place that the stream tells", () => {
  const place = {
    ...{ position: 2, superseded: false, estimateSeconds: 5, finishSeconds: 65, slowFinishSeconds: 90 },
    ...{ basedOn: 3, overdue: null, why: null, waitsFor: null },
  };

  it("moves a run that waits, and comes too late for one that does not", () => {
    expect(applyPlace(startLive(view()), place).view.queue).toEqual(place);
    const started = startLive(view({ state: "running" }));
    expect(applyPlace(started, place)).toBe(started);
  });
});
