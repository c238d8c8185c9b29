import { newId } from "#course/ids.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { drillExample } from "#tests/support/drill-timeline.ts";
import { type SeededCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";
import type { Person } from "./people.ts";

/** A Kubernetes exercise with two drills among its checks. */
export const drilledExercise = {
  slug: "kubernetes-3",
  title: "Scale, self-heal, update",
  requiredFiles: ["k8s/"],
  facilities: {
    kubernetes: { nodes: 2, namespaces: ["shop", "tools"], podSecurity: "restricted" as const },
  },
  checks: [
    ["manifests", "kubernetes/manifest", "All manifests parse"],
    ["heal", "kubernetes/self-heal", "A killed pod is replaced without a lost request"],
    ["update", "kubernetes/rolling-update", "A new version rolls out with no downtime"],
  ].map(([id = "", kind = "", title = ""]) => ({
    id,
    kind,
    title,
    points: 10,
    needs: [],
    timeoutSeconds: 60,
    with: {},
  })),
};

/** A graded run whose second check failed by its drill, and whose third passed by one. */
export async function seedDrillRun(db: Db, course: SeededCourse, student: Person): Promise<string> {
  const { runId } = await seedSubmission(db, course, { userId: student.userId });
  const after = (seconds: number) => new Date(seededAt.getTime() + seconds * 1000);
  await db.run.update({
    where: { id: runId },
    data: {
      state: "graded",
      claimedAt: after(1),
      runningAt: after(4),
      finishedAt: after(70),
      score: 20,
      maxScore: 30,
    },
  });
  await db.machine.create({
    data: {
      id: newId("mch", seededAt),
      provider: "docker",
      machineKind: "engine+kubernetes",
      instanceId: "m-1",
      state: "terminated",
      runId,
      runAttempt: 1,
      leaseUntil: after(900),
      requestedAt: after(1),
      bootingAt: after(1),
      readyAt: after(3),
      terminatedAt: after(71),
      usdPerHour: 0.036,
      costUsd: 0.0007,
    },
  });
  await db.runEvent.createMany({
    data: ["Starting a Kubernetes of your own with 2 nodes.", "Kubernetes v1.36.3 is ready."].map(
      (line, index) => ({
        runId,
        attempt: 1,
        seq: index + 1,
        type: "log",
        payload: { type: "log", check: null, line },
        at: after(4 + index),
      }),
    ),
  });
  await db.runEvent.create({
    data: {
      runId,
      attempt: 1,
      seq: 3,
      type: "check-started",
      payload: { type: "check-started", check: "manifests", title: "t" },
      at: after(13),
    },
  });
  await db.checkResult.createMany({
    data: course.spec.checks.map((check, position) => ({
      id: newId("chk", seededAt),
      runId,
      attempt: 1,
      position,
      checkId: check.id,
      kind: check.kind,
      title: check.title,
      verdict: check.id === "heal" ? ("failed" as const) : ("passed" as const),
      fault: check.id === "heal" ? ("student" as const) : null,
      points: check.id === "heal" ? 0 : 10,
      maxPoints: 10,
      durationMs: check.id === "manifests" ? 40 : 26_000,
      message: {
        expected: "No request fails when one of three pods of Deployment web is killed.",
        happened: "4 of 1,204 requests failed while Pod web-6d4cf56db6-x7k2p was replaced.",
        fix: "Give the container a readinessProbe and a preStop hook, so that the Service stops sending first.",
      },
      ...(check.id === "manifests" ? {} : { timeline: drillExample() }),
    })),
  });
  return runId;
}
