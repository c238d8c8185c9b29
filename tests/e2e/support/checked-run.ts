import { newId } from "#course/ids.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { notify } from "#infra/db/connection/notify.ts";
import { announce, lockRun } from "#infra/db/runs/fleet-transaction.ts";
import { type SeededCourse, seededAt } from "#tests/support/seed.ts";

/** An exercise with a check that fails late and one behind it. */
export const checkedExercise = {
  checks: [
    ["files", "files/required", "All files are handed in"],
    ["build", "docker/build", "The image builds"],
    ["http", "docker/http", "As a service it answers on port 8080"],
    ["user", "docker/run-as", "The program does not run as root"],
  ].map(([id = "", kind = "", title = ""]) => ({
    id,
    kind,
    title,
    points: 25,
    needs: [],
    timeoutSeconds: 60,
    with: {},
  })),
};

export const seconds = (count: number) => new Date(seededAt.getTime() + count * 1000);

/** What the failing check tells its student, with what a program may write to confuse its reader. */
export const httpMessage = {
  expected: "An HTTP request to port 8080 is answered with 200.",
  happened: "Nothing listens on port 8080; the container listens on 8000.",
  fix: "Let the program listen on 8080, or set the port in the CMD of the Dockerfile.",
  shown: [
    {
      title: "What your program wrote",
      lines: [
        "INFO:     Uvicorn running on http://0.0.0.0:8000",
        "<b>bold</b> \u001b[31mred\u001b[0m \u202egnirts",
        ...Array.from({ length: 30 }, (_, i) => `INFO:     tick ${i}`),
      ],
      leftOut: 112,
    },
    { title: "Requests that were tried", lines: ["GET / on port 8080: connection refused"], leftOut: 0 },
  ],
};

/** A run's agent and worker, as the page hears of them. */
export function playRun(db: Db, course: SeededCourse, runId: string) {
  let seq = 0;
  const title = (check: string) => course.spec.checks.find(({ id }) => id === check)?.title ?? check;
  const tell = async (...events: RunEvent[]) => {
    await db.$transaction(async (tx) => {
      await lockRun(tx, runId);
      for (const event of events) {
        seq += 1;
        const row = { runId, attempt: 1, seq, type: event.type, payload: event as object };
        await tx.runEvent.create({ data: { ...row, at: seconds(5 + seq) } });
      }
      await notify(tx, "run_event", runId);
    });
  };
  const log = (check: string, ...lines: string[]) =>
    tell(...lines.map((line) => ({ type: "log" as const, check, line })));
  const move = async (state: "claimed" | "running" | "graded", data: object) => {
    await db.$transaction(async (tx) => {
      await lockRun(tx, runId);
      await tx.run.update({ where: { id: runId }, data: { state, ...data } });
      await announce(tx, runId, { state, attempt: 1, detail: null }, seconds(60));
    });
  };
  return {
    log,
    async start() {
      await move("claimed", { claimedAt: seconds(1) });
      await move("running", { runningAt: seconds(4) });
    },
    begin: (check: string) => tell({ type: "check-started", check, title: title(check) }),
    end: (check: string, failed = false) =>
      tell({
        ...{ type: "check-finished", check, title: title(check), durationMs: 1200, maxPoints: 25 },
        ...(failed
          ? { verdict: "failed", points: 0, fault: "student", message: httpMessage }
          : { verdict: "passed", points: 25, fault: null }),
      }),
    async grade({ failing }: { failing: string | null }) {
      await db.checkResult.createMany({
        data: course.spec.checks.map((check, position) => {
          const failed = check.id === failing;
          const message = failed ? httpMessage : { expected: "It does.", happened: "It did.", fix: "" };
          return {
            ...{ id: newId("chk", seededAt), runId, attempt: 1, position, checkId: check.id },
            ...{ kind: check.kind, title: check.title, maxPoints: 25, durationMs: 1200, message },
            verdict: failed ? ("failed" as const) : ("passed" as const),
            fault: failed ? ("student" as const) : null,
            points: failed ? 0 : 25,
            staffOutput: staffOutputs[check.id] ?? "",
          };
        }),
      });
      const score = failing === null ? 100 : 75;
      await move("graded", { score, maxScore: 100, finishedAt: seconds(75) });
    },
  };
}

export const buildLines = Array.from(
  { length: 8 },
  (_, i) => `#${i + 5} [${i + 1}/8] RUN pip install part-${i}`,
);

const staffOutputs: Record<string, string> = {
  build: `${buildLines.join("\n")}\nbuilder: buildkit 0.17`,
  http: '[{"outcome":"no-answer","port":8080}]',
};
