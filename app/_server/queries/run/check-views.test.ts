import { expect, test } from "vitest";
import { checkSpec } from "#grading/exercises/spec/spec.ts";
import { type CheckEvent, checkViews } from "./check-views.ts";

const specs = ["files", "build", "http"].map((id) =>
  checkSpec.parse({ id, kind: "docker/build", title: `Check ${id}`, points: 5, timeoutSeconds: 10 }),
);
const message = { expected: "e", happened: "h", fix: "f" };
const result = {
  checkId: "build",
  kind: "docker/build",
  title: "Check build",
  verdict: "failed",
  fault: "student",
  points: 2.5,
  maxPoints: 5,
  message,
  durationMs: 1500,
  timeline: null,
} as unknown as Parameters<typeof checkViews>[1]["results"][number];
const running = { state: "running", reason: null, reasonCode: null } as const;

test("before anything happened every check waits, in the exercise's order", () => {
  const views = checkViews(specs, { run: running, results: [], events: [] });
  expect(views.map((view) => [view.id, view.progress, view.verdict])).toEqual([
    ["files", "waiting", null],
    ["build", "waiting", null],
    ["http", "waiting", null],
  ]);
});

test("while it runs, events say which checks are done and which one is under way", () => {
  const views = checkViews(specs, {
    run: running,
    results: [],
    events: [
      { type: "check-started", check: "files", title: "" },
      {
        type: "check-finished",
        check: "files",
        title: "",
        verdict: "passed",
        points: 5,
        maxPoints: 5,
        durationMs: 9,
      },
      { type: "check-started", check: "build", title: "" },
    ],
  });
  expect(views.map((view) => [view.progress, view.verdict, view.points])).toEqual([
    ["finished", "passed", 5],
    ["running", null, 0],
    ["waiting", null, 0],
  ]);
});

test("while it runs, an event tells why a check failed, where the machine told it", () => {
  const event = { type: "check-finished", check: "files", title: "", points: 0, maxPoints: 5, durationMs: 9 };
  const told = { ...event, verdict: "failed", fault: "student", message } as const;
  const [view] = checkViews(specs, { run: running, results: [], events: [told as CheckEvent] });
  expect(view).toMatchObject({ progress: "finished", verdict: "failed", fault: "student", message });
});

test("a stored result has the last word, with its message and partial points", () => {
  const [, build] = checkViews(specs, {
    run: { state: "graded", reason: null, reasonCode: null },
    results: [result],
    events: [
      {
        type: "check-finished",
        check: "build",
        title: "",
        verdict: "passed",
        points: 5,
        maxPoints: 5,
        durationMs: 9,
      },
    ],
  });
  expect(build).toMatchObject({
    verdict: "failed",
    fault: "student",
    points: 2.5,
    message,
    durationMs: 1500,
  });
});

test("a final run leaves no check open: what was not reached was not graded, and says why", () => {
  for (const [state, fault] of [
    ["not_gradable", "platform"],
    ["cancelled", null],
  ] as const) {
    const views = checkViews(specs, {
      run: { state, reason: "The reason.", reasonCode: null },
      results: [result],
      events: [],
    });
    expect(views.map((view) => view.verdict)).toEqual(["not_graded", "failed", "not_graded"]);
    expect(views[0]).toMatchObject({ progress: "finished", fault, points: 0 });
    expect(views[0]?.message?.happened).toBe("The reason.");
  }
});

test("a cancelled run keeps what its machine had told of its checks", () => {
  const told = { type: "check-finished", check: "files", title: "", verdict: "passed" } as const;
  const views = checkViews(specs, {
    run: { state: "cancelled", reason: "Cancelled by staff.", reasonCode: null },
    results: [],
    events: [{ ...told, points: 5, maxPoints: 5, durationMs: 9 }],
  });
  expect(views.map(({ verdict }) => verdict)).toEqual(["passed", "not_graded", "not_graded"]);
});
