import path from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "#tests/support/files/folder-with.ts";
import { exerciseJsonSchema } from "./exercise-file.ts";
import { loadExercise } from "./load-exercise.ts";

const good = `slug: docker-intro
title: Docker intro
requiredFiles: [Dockerfile]
checks:
  - id: build
    kind: docker/build
    title: The image builds
    points: 10
  - id: answers
    kind: docker/http
    title: It answers
    points: 20
    with:
      port: 8080
      requests:
        - path: /
          text: { contains: hello }
`;

async function problems(files: Record<string, string>) {
  const loaded = await loadExercise(await folderWith(files));
  if (loaded.outcome === "ok") throw new Error("accepted");
  return loaded.problems.map((p) => `${p.file}:${p.line} ${p.message}`);
}

test("a good exercise loads with defaults, and a check that uses an image needs its build", async () => {
  const dir = await folderWith({
    "exercise.yaml": good,
    "hidden/a": "",
    "solutions/full/expect.yaml": "score: 30\nchecks: { build: passed }\n",
    "solutions/full/files/Dockerfile": "FROM debian\n",
  });
  const loaded = await loadExercise(dir);
  if (loaded.outcome !== "ok") throw new Error(JSON.stringify(loaded.problems));
  const { spec, solutions, hiddenDir, starterDir } = loaded.exercise;
  expect(spec.checks.map((check) => [check.timeoutSeconds, check.needs])).toEqual([
    [180, []],
    [60, ["build"]],
  ]);
  expect(spec.checks[1]?.with).toMatchObject({ readySeconds: 20, sandbox: { memoryMiB: 128 } });
  expect(solutions).toEqual([
    {
      name: "full",
      files: [
        { path: "Dockerfile", source: path.join(dir, "solutions/full/files/Dockerfile"), from: "full" },
      ],
      leftOut: [],
      expect: { score: 30, checks: { build: "passed" } },
    },
  ]);
  expect([hiddenDir, starterDir]).toEqual([path.join(dir, "hidden"), null]);
});

test("every mistake is named with its file and line", async () => {
  expect(await problems({ "exercise.yaml": good.replace("port: 8080", "prot: 8080") })).toEqual([
    expect.stringMatching(/^exercise\.yaml:13 checks\[1\]\.with\.port: /),
    "exercise.yaml:14 checks[1].with.prot is not a setting here; remove it or correct its name",
  ]);
  expect(await problems({ "exercise.yaml": good.replace("docker/http", "docker/htpp") })).toEqual([
    expect.stringMatching(
      /^exercise\.yaml:10 checks\[1\]\.kind: must be one of files\/required, docker\/lint/,
    ),
  ]);
  expect(await problems({ "exercise.yaml": `${good}    points: 3\n` })).toEqual([
    expect.stringMatching(/^exercise\.yaml:18 is not valid YAML: Map keys must be unique/),
  ]);
  expect(await problems({})).toEqual(["exercise.yaml:1 is missing; make it"]);
});

const cluster = `slug: first-pod
title: First pod
facilities:
  kubernetes: { namespaces: [student, storage] }
checks:
  - id: build
    kind: docker/build
    title: The image builds
    points: 10
  - id: image
    kind: kubernetes/image
    title: The cluster has the image
    points: 0
    with: { names: ["web:1.0"] }
  - id: ready
    kind: kubernetes/rollout
    title: The Deployment is ready
    points: 10
    with:
      deployment: web
      namespace: storage
`;

test("an exercise with a cluster loads, and a check that gives it an image needs that image's build", async () => {
  const loaded = await loadExercise(await folderWith({ "exercise.yaml": cluster }));
  if (loaded.outcome !== "ok") throw new Error(JSON.stringify(loaded.problems));
  expect(loaded.exercise.spec.checks.map((check) => check.needs)).toEqual([[], ["build"], []]);
});

test("checks of a cluster need the facility, a namespace that is there and a build before the image", async () => {
  const said = (text: string) => problems({ "exercise.yaml": text });
  expect(
    await said(
      cluster.replace("  kubernetes:", "  engine: {}\n  kubernetes:").replace(/ {2}kubernetes: .*\n/, ""),
    ),
  ).toEqual([
    "exercise.yaml:11 image (kubernetes/image) needs Kubernetes, which the exercise's machine does not have; write facilities: { kubernetes: {} }",
    "exercise.yaml:16 ready (kubernetes/rollout) needs Kubernetes, which the exercise's machine does not have; write facilities: { kubernetes: {} }",
  ]);
  expect(await said(cluster.replace("namespace: storage", "namespace: storeroom"))).toEqual([
    "exercise.yaml:21 ready is about the namespace storeroom, which the exercise does not have; it has student, storage (facilities.kubernetes.namespaces)",
  ]);
  expect(await said(cluster.replace("[student, storage]", "[storage, storage]"))).toEqual([
    "exercise.yaml:4 the namespace storage is listed twice; remove one",
  ]);
  const unbuilt = cluster
    .replace("kind: docker/build", "kind: files/required")
    .replace("title: The image builds\n", "title: The image builds\n    with: { files: [{ path: a }] }\n");
  expect(await said(unbuilt)).toEqual([
    "exercise.yaml:15 image uses a built image, but no docker/build check comes before it",
  ]);
});

test("required files may all lie in one folder, which is then not taken off", async () => {
  for (const required of ["[k8s/]", "[k8s/web.yaml, k8s/db/]"]) {
    const text = good.replace("[Dockerfile]", required);
    expect(await loadExercise(await folderWith({ "exercise.yaml": text }))).toMatchObject({ outcome: "ok" });
  }
});

test("rules between checks are named with their line", async () => {
  expect(await problems({ "exercise.yaml": good.replace("id: answers", "id: build") })).toContain(
    "exercise.yaml:9 two checks have the id build; rename one",
  );
  expect(
    await problems({
      "exercise.yaml": good.replace("    points: 10", "    points: 10\n    needs: [answers]"),
    }),
  ).toEqual([
    "exercise.yaml:9 build needs answers, which does not come before it; checks run in order: move it up",
  ]);
  expect(
    await problems({
      "exercise.yaml": good.replace(
        "kind: docker/build",
        "kind: files/required\n    with: {files: [{path: a}]}",
      ),
    }),
  ).toEqual(["exercise.yaml:14 answers uses a built image, but no docker/build check comes before it"]);
  expect(
    await problems({
      "exercise.yaml": `${good}  - id: script
    kind: shell/run
    title: Script
    points: 1
    with: { where: machine, script: verify.sh }
`,
    }),
  ).toEqual(["exercise.yaml:22 script uses hidden/verify.sh, which does not exist; make it"]);
});

test("a solution must state a score that the exercise can give and checks that it has", async () => {
  expect(
    await problems({
      "exercise.yaml": good,
      "solutions/a/expect.yaml": "score: 31\nchecks:\n  bild: passed\n",
      "solutions/a/files/Dockerfile": "",
      "solutions/b/expect.yaml": "score: 1\n",
    }),
  ).toEqual([
    "solutions/a/expect.yaml:1 score 31 is more than the exercise's 30 points",
    "solutions/a/expect.yaml:3 there is no check bild; the exercise has build, answers",
    "solutions/b:1 has no folder files/ with what a student would hand in; make it, or name a base",
  ]);
});

test("the JSON Schema knows every kind and its settings", () => {
  const text = JSON.stringify(exerciseJsonSchema());
  for (const piece of ["docker/isolation", "readySeconds", "minShare", "2020-12"])
    expect(text).toContain(piece);
});

test("the JSON Schema offers no key that exercises had before, and says what each key of its own means", () => {
  const { properties } = exerciseJsonSchema() as { properties: Record<string, { description?: string }> };
  expect(Object.keys(properties)).toEqual([
    "slug",
    "title",
    "summary",
    "requiredFiles",
    "limits",
    "facilities",
    "timeoutSeconds",
    "checks",
  ]);
  for (const [key, { description }] of Object.entries(properties)) expect(description, key).toMatch(/\w\.$/);
});

test("where the folder's name is the exercise's, another slug is named by its line", async () => {
  const dir = path.join(await folderWith({ "docker-intro/exercise.yaml": good }), "docker-intro");
  expect(await loadExercise(dir, { isNamed: true })).toMatchObject({ outcome: "ok" });
  const other = await folderWith({ "compose/exercise.yaml": `# mine\n${good}` });
  expect(await loadExercise(path.join(other, "compose"), { isNamed: true })).toMatchObject({
    problems: [
      {
        line: 2,
        message:
          "slug: must be compose, the name of the folder, and is docker-intro; change the one or the other",
      },
    ],
  });
});

test("a check that is to fail needs words of its advice, unless one that it needs keeps it from being run", async () => {
  const expecting = (text: string) =>
    folderWith({
      "exercise.yaml": good,
      "solutions/wrong/expect.yaml": text,
      "solutions/wrong/files/Dockerfile": "FROM debian\n",
    }).then(loadExercise);
  const told = async (text: string) => {
    const loaded = await expecting(text);
    return loaded.outcome === "ok" ? [] : loaded.problems.map((p) => `${p.line} ${p.message}`);
  };
  expect(await told("score: 0\nchecks:\n  build: failed\n  answers: failed\n")).toEqual([
    "3 build is to fail, and no word of its advice is stated; write advice: { build: … } with words that this mistake alone is told",
  ]);
  expect(
    await told("score: 0\nchecks: { build: failed, answers: failed }\nadvice: { build: FROM }\n"),
  ).toEqual([]);
  expect(await told("score: 10\nchecks: { build: passed }\nadvice:\n  answers: port\n")).toEqual([
    "4 answers is to advise something and is not stated as failed; write answers: failed under checks",
  ]);
  expect(await told('score: 0\nchecks: { build: failed }\nadvice: { build: " a " }\n')).toEqual([
    expect.stringContaining("at least 3 characters"),
  ]);
});
