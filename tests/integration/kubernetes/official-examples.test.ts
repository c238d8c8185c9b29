import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type LoadedExercise, loadExercise } from "#grading/exercises/load-exercise.ts";
import type { CheckSpec } from "#grading/exercises/spec/spec.ts";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { scoreRun } from "#grading/runs/results/score-run.ts";
import { gradeChecks } from "./grade-checks.ts";

/**
 * What an instructor would try first: the examples of the Kubernetes documentation, as published and made to fit.
 * Many solutions share a cluster, each in a namespace of its own; `drydock exercise test FOLDER` grades them one by one.
 */

const folder = path.resolve("tests/fixtures/exercises/kubernetes-examples");
const names = ["guestbook", "stateless-app", "stateful-set", "cron-job"];

/** Of each cluster, the solutions of each namespace. Those that share one leave nothing in it. */
const clusters = [
  {
    // No pod of these ever runs, so they are not waited for long.
    settings: { readySeconds: 12, seconds: 12 },
    namespaces: [
      ["guestbook/as-published"],
      ["stateless-app/as-published"],
      ["stateful-set/as-published"],
      ["stateful-set/storage-class"],
      ["cron-job/as-published"],
    ],
  },
  {
    settings: {},
    namespaces: [
      ["guestbook/catalogue-images"],
      ["stateless-app/catalogue-image"],
      ["stateful-set/catalogue-image"],
      ["cron-job/catalogue-image"],
      ["cron-job/removed-version", "stateful-set/own-volume"],
    ],
  },
];

/** What the student reads, by solution and check. */
const says: Record<string, Record<string, RegExp>> = {
  "guestbook/as-published": {
    leader: /image docker\.io\/redis:6\.0\.5 cannot be pulled.*there is no internet.*The cluster has redis:/,
    followers:
      /image us-docker\.pkg\.dev\/\S+\/gb-redis-follower:v2 cannot be pulled.*The cluster has redis:/,
  },
  "stateless-app/as-published": {
    ready: /image nginx:1\.14\.2 cannot be pulled.*The cluster has nginx:1/,
  },
  "stateful-set/as-published": {
    web: /image registry\.k8s\.io\/nginx-slim:0\.24 cannot be pulled.*The cluster has nginx:1/,
  },
  "stateful-set/storage-class": {
    web: /PersistentVolumeClaim www-web-0: the cluster says “.*"my-storage-class" not found”.*Remove storageClassName: my-storage-class/,
  },
  "stateful-set/own-volume": {
    apply:
      /PersistentVolume belongs to the whole cluster.*Nothing was applied.*hand in a PersistentVolumeClaim without a volume's name/,
  },
  "cron-job/as-published": {
    run: /image busybox:1\.28 cannot be pulled.*The cluster has busybox:1/,
  },
  "cron-job/removed-version": {
    manifests: /removed in 1\.25.*Write apiVersion: batch\/v1/,
    apply: /removed in 1\.25.*Nothing was applied.*Write apiVersion: batch\/v1/,
  },
};

const exercises = new Map<string, LoadedExercise>();
const outcomes = new Map<string, CheckOutcome>();

beforeAll(async () => {
  for (const name of names) {
    const loaded = await loadExercise(path.join(folder, name));
    if (loaded.outcome === "invalid") throw new Error(`${name}: ${JSON.stringify(loaded.problems)}`);
    exercises.set(name, loaded.exercise);
  }
});

function solutionOf(key: string) {
  const [name = "", solutionName] = key.split("/");
  const exercise = exercises.get(name);
  const solution = exercise?.solutions.find((each) => each.name === solutionName);
  if (!exercise || !solution) throw new Error(`There is no solution ${key}.`);
  return { exercise, solution };
}

const idOf = (key: string, check: string) => `${key.replace("/", "-")}-${check}`;

/** The checks of a solution's exercise, for its own folder and namespace. */
function checksOf(key: string, namespace: string, settings: Record<string, unknown>) {
  return solutionOf(key).exercise.spec.checks.map((check) => ({
    ...check,
    id: idOf(key, check.id),
    needs: check.needs.map((need) => idOf(key, need)),
    with: {
      ...check.with,
      namespace,
      ...(isOfManifests(check) ? { manifests: `${key}/k8s/` } : {}),
      ...Object.fromEntries(Object.entries(settings).filter(([name]) => name in check.with)),
    },
  }));
}

const isOfManifests = ({ kind }: Pick<CheckSpec, "kind">) => /\/(manifest|apply)$/.test(kind);

/** One exercise out of many: everything is applied first, so that all pods begin at the same time. */
async function gradeCluster({ settings, namespaces }: (typeof clusters)[number]) {
  const names = namespaces.map((_, index) => `student-${index + 1}`);
  const checks = namespaces.flatMap((keys, index) =>
    keys.flatMap((key) => checksOf(key, names[index] ?? "", settings)),
  );
  const files: Record<string, string> = {};
  for (const key of namespaces.flat()) {
    for (const file of solutionOf(key).solution.files)
      files[path.join(key, file.path)] = await readFile(file.source, "utf8");
  }
  const graded = await gradeChecks({
    cluster: { namespaces: names },
    checks: [...checks.filter(isOfManifests), ...checks.filter((check) => !isOfManifests(check))],
    files,
  });
  for (const [id, outcome] of graded) outcomes.set(id, outcome);
}

it("grades every solution of the examples", () => {
  const all = [...exercises].flatMap(([name, { solutions }]) =>
    solutions.map((each) => `${name}/${each.name}`),
  );
  expect(clusters.flatMap(({ namespaces }) => namespaces.flat()).sort()).toEqual(all.sort());
});

describe.each(clusters.map((cluster, index) => ({ ...cluster, number: index + 1 })))(
  "cluster $number",
  (cluster) => {
    beforeAll(() => gradeCluster(cluster), 600_000);

    it.each(cluster.namespaces.flat())("scores %s as stated and says why", (key) => {
      const { exercise, solution } = solutionOf(key);
      const graded = exercise.spec.checks.flatMap(({ id }) => outcomes.get(idOf(key, id)) ?? []);
      const verdicts = Object.fromEntries(
        exercise.spec.checks.map(({ id }) => [id, outcomes.get(idOf(key, id))?.verdict]),
      );
      const told = graded.map(({ id, message }) => `${id}: ${message.happened}`).join("\n");
      expect(scoreRun(graded), told).toMatchObject({ score: solution.expect.score, maxScore: 100 });
      expect(verdicts).toMatchObject(solution.expect.checks ?? {});
      for (const [id, words] of Object.entries(says[key] ?? {})) {
        const { happened, fix } = outcomes.get(idOf(key, id))?.message ?? { happened: "", fix: "" };
        expect(`${happened} ${fix}`, id).toMatch(new RegExp(words.source, "s"));
      }
    });
  },
);
