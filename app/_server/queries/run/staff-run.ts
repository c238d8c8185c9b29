import { z } from "zod";
import { numberOf, runOrder } from "#grading/runs/counting.ts";
import { readStoredEvent } from "#grading/runs/results/stored-results.ts";
import type { RunState } from "#grading/runs/run-state.ts";
import type { MachineState, Verdict } from "#infra/db/generated/enums.ts";
import type { Services } from "../../services.ts";
import { besidesTheLog } from "./besides-the-log.ts";
import { runCost } from "./machine-cost.ts";

/** What only staff see of a run. */
export interface StaffRunView {
  student: { name: string; email: string; section: string | null };
  /** output: what each wrote for staff, without the lines that its log has too, of which there are inLog. */
  checks: { checkId: string; title: string; verdict: Verdict; output: string; inLog: number }[];
  machines: StaffMachine[];
  claims: {
    attempt: number;
    worker: string;
    openedAt: string;
    closedAt: string | null;
    outcome: string | null;
    /** What the machine said of what kept it from grading. */
    staffDetail: string | null;
  }[];
  platformFaults: number;
  /** Attempts that ended because a check broke on what was handed in. */
  checkFaults: number;
  versionHash: string;
  /** What people did about the submission's result, newest first. */
  changes: { id: string; at: string; by: string; what: string; reason: string }[];
  /** All runs of the submission, newest first. */
  siblings: { id: string; number: number; state: RunState; counts: boolean; queuedAt: string }[];
}

export interface StaffMachine {
  id: string;
  provider: string;
  /** Names of the facilities in it, such as engine+kubernetes; grading/machines MachineKind. */
  machineKind: string;
  instanceId: string | null;
  state: MachineState;
  attempt: number | null;
  leaseUntil: string;
  bootSeconds: number | null;
  /** Of a machine that waited for this run; null of one that was made for it. */
  pool: { seconds: number; costUsd: number | null } | null;
  terminatedAt: string | null;
  endReason: string | null;
  usdPerHour: number;
  costUsd: number | null;
}

/** By the id that requirePage("run.view-staff") allowed. */
export async function findStaffRun({ db }: Services, runId: string): Promise<StaffRunView> {
  const run = await db.run.findUniqueOrThrow({
    where: { id: runId },
    include: {
      checks: { orderBy: { position: "asc" } },
      machines: { orderBy: { requestedAt: "asc" } },
      claims: { orderBy: { attempt: "asc" } },
      exerciseVersion: { select: { hash: true } },
      submission: {
        select: {
          user: { include: { enrollments: { include: { section: true } } } },
          exercise: { select: { assignment: { select: { courseId: true } } } },
          runs: { orderBy: runOrder },
        },
      },
    },
  });
  const { user, exercise } = run.submission;
  const enrollment = user.enrollments.find((one) => one.courseId === exercise.assignment.courseId);
  return {
    student: { name: user.name, email: user.email, section: enrollment?.section?.code ?? null },
    checks: await outputsOf(
      db,
      run,
      run.checks.filter((check) => check.attempt === run.attempt),
    ),
    machines: run.machines.map((machine) => ({
      id: machine.id,
      provider: machine.provider,
      machineKind: machine.machineKind,
      instanceId: machine.instanceId,
      state: machine.state,
      attempt: machine.runAttempt,
      leaseUntil: machine.leaseUntil.toISOString(),
      bootSeconds: machine.readyAt
        ? (machine.readyAt.getTime() - machine.requestedAt.getTime()) / 1000
        : null,
      pool: machine.takenAt
        ? {
            seconds: (machine.takenAt.getTime() - (machine.warmAt ?? machine.requestedAt).getTime()) / 1000,
            costUsd: machine.poolCostUsd === null ? null : Number(machine.poolCostUsd),
          }
        : null,
      terminatedAt: machine.terminatedAt?.toISOString() ?? null,
      endReason: machine.endReason,
      usdPerHour: Number(machine.usdPerHour),
      costUsd: runCost(machine),
    })),
    claims: run.claims.map(({ attempt, worker, openedAt, closedAt, outcome, staffDetail }) => ({
      attempt,
      worker,
      openedAt: openedAt.toISOString(),
      closedAt: closedAt?.toISOString() ?? null,
      outcome,
      staffDetail,
    })),
    platformFaults: run.platformFaults,
    checkFaults: run.checkFaults,
    versionHash: run.exerciseVersion.hash,
    changes: await listChanges(db, run.submissionId, run.submission.runs),
    siblings: run.submission.runs.toReversed().map(({ id, state, counts, queuedAt }) => ({
      id,
      number: numberOf({ id }, run.submission.runs),
      state,
      counts,
      queuedAt: queuedAt.toISOString(),
    })),
  };
}

/** So many of a run's last lines are looked at: a build's are among them where its output is short enough to be read. */
const comparedLines = 5000;

async function outputsOf(
  db: Services["db"],
  run: { id: string; attempt: number },
  checks: { checkId: string; title: string; verdict: Verdict; staffOutput: string }[],
): Promise<StaffRunView["checks"]> {
  const lines = await db.runEvent.findMany({
    where: { runId: run.id, attempt: run.attempt, type: "log" },
    orderBy: { id: "desc" },
    take: checks.some(({ staffOutput }) => staffOutput.trim() !== "") ? comparedLines : 0,
    select: { type: true, payload: true },
  });
  const logged = new Map<string, string[]>();
  for (const row of lines.reverse()) {
    const event = readStoredEvent(row);
    if (event.outcome !== "read" || event.value.type !== "log" || event.value.check === null) continue;
    const { check, line } = event.value;
    const own = logged.get(check);
    if (own) own.push(line);
    else logged.set(check, [line]);
  }
  return checks.map(({ checkId, title, verdict, staffOutput }) => {
    const { text, inLog } = besidesTheLog(staffOutput, logged.get(checkId) ?? []);
    return { checkId, title, verdict, output: text, inLog };
  });
}

const named = z.object({ run: z.string(), score: z.string().nullable().optional() });

/** What an entry says that was done, with the runs by the numbers that the page gives them. */
const words: Record<string, (change: { before: string | null; after: string | null }) => string> = {
  "run.rerun": ({ after }) => (after === null ? "Run again" : `Run again, as ${after},`),
  "run.make-count": ({ before, after }) =>
    `Let ${after ?? "another run"} count${before === null ? "" : ` in place of ${before}`}`,
};

async function listChanges(
  db: Services["db"],
  submissionId: string,
  runs: { id: string }[],
): Promise<StaffRunView["changes"]> {
  const entries = await db.auditEntry.findMany({
    where: { subject: `submission:${submissionId}`, action: { in: Object.keys(words) } },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    include: { user: { select: { name: true } } },
  });
  const runIn = (json: unknown): string | null => {
    const run = named.safeParse(json);
    if (!run.success) return null;
    const points = run.data.score ? ` (${run.data.score} points)` : "";
    return `run ${numberOf({ id: run.data.run }, runs)}${points}`;
  };
  return entries.map(({ id, at, action, user, reason, before, after }) => ({
    ...{ id, reason, at: at.toISOString() },
    what: words[action]?.({ before: runIn(before), after: runIn(after) }) ?? action,
    by: user?.name ?? "Drydock",
  }));
}
