import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { VersionApi } from "@kubernetes/client-node";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anyResult, hostileText, pod } from "#tests/support/hostile-content.ts";
import { type HostileAnswer, hostileCluster, hostileEngine } from "#tests/support/hostile-world.ts";
import { loadExercise } from "../../exercises/load-exercise.ts";
import { type CheckSpec, exerciseSpec } from "../../exercises/spec/spec.ts";
import type { CheckContext, CommandResult } from "../checks/kit/define-check.ts";
import type { KubernetesCluster } from "../checks/kit/kubernetes-cluster.ts";
import { ShownByCheck } from "../checks/kit/shown/shown.ts";
import { checkRegistry } from "../checks/registry.ts";
import type { StartedFacility } from "../facilities/kit/start-facility.ts";
import { runChecks } from "./run-checks.ts";
import type { Facilities } from "./start-facilities.ts";

/** The settings with which the course's own exercises ask each kind, so that what is tried is what is graded. */
const courseExercises = [
  "docker-containers",
  "kubernetes-1",
  "kubernetes-2",
  "kubernetes-3",
  "kubernetes-4",
  "kubernetes-5",
];
/** Of kinds that no exercise of the course asks for. */
const others: CheckSpec[] = [
  {
    id: "job",
    kind: "kubernetes/job",
    title: "Job",
    points: 1,
    needs: [],
    timeoutSeconds: 60,
    with: { job: "load" },
  },
];
let asked: CheckSpec[];
let hiddenDirs: Map<string, string>;
let dir: string;
let answer: (path: string) => HostileAnswer = () => ({ status: 500, body: {} });
let cluster: KubernetesCluster;
let closeCluster: () => Promise<void>;

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "drydock-hostile-"));
  hiddenDirs = new Map();
  asked = [...others];
  for (const name of courseExercises) {
    const folder = path.resolve("content/tcss562-f2024/exercises", name);
    const loaded = await loadExercise(folder);
    if (loaded.outcome !== "ok") throw new Error(JSON.stringify(loaded.problems));
    for (const check of loaded.exercise.spec.checks) {
      if (asked.some(({ kind }) => kind === check.kind)) continue;
      asked.push(check);
      hiddenDirs.set(check.kind, path.join(folder, "hidden"));
    }
  }
  ({ cluster, close: closeCluster } = await hostileCluster((url) => answer(url)));
});
afterAll(async () => {
  await closeCluster();
  await rm(dir, { recursive: true, force: true });
});

test("every kind of check is tried here", () => {
  expect(asked.map(({ kind }) => kind).sort()).toEqual([...checkRegistry.keys()].sort());
});

let folders = 0;
async function handIn(files: Record<string, string | Uint8Array>): Promise<string> {
  folders += 1;
  const folder = path.join(dir, `s${folders}`);
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return folder;
}

const plainFiles = {
  Dockerfile: 'FROM busybox:latest\nCMD ["true"]\n',
  "limits.env": "MEMORY=64m\nCPUS=0.5\n",
  "registry.env": "IMAGE=127.0.0.1:5000/a:1\n",
  "answers.txt": "q: a\n",
  "k8s/pod.yaml": pod,
};

const having = (
  docker: ReturnType<typeof hostileEngine>,
  kubernetes: KubernetesCluster | null,
): Facilities => {
  const close = async () => undefined;
  const asksVersion = () => cluster.admin.makeApiClient(VersionApi).getCode();
  return new Map([
    ["engine", { handle: docker, ask: () => docker.ping(), close }],
    ...(kubernetes === null
      ? []
      : ([["kubernetes", { handle: kubernetes, ask: asksVersion, close }]] as [string, StartedFacility][])),
  ]);
};

/** Every kind by itself, all at once, each for a second at most, on an engine and an API server that answer like this. */
async function gradeAll(said: HostileAnswer, startsPlain: boolean) {
  answer = () => said;
  const submissionDir = await handIn(plainFiles);
  return Promise.all(
    asked.map(async (check) => {
      const lines: string[] = [];
      const ran = await runChecks({
        spec: exerciseSpec.parse({
          slug: "x",
          title: "x",
          facilities: { kubernetes: {} },
          timeoutSeconds: 60,
          checks: [{ ...check, needs: [], timeoutSeconds: 1 }],
        }),
        submissionDir,
        hiddenDir: hiddenDirs.get(check.kind) ?? dir,
        facilities: having(hostileEngine(said, startsPlain), cluster),
        emit: (event) => event.type === "log" && lines.push(event.line),
        signal: new AbortController().signal,
      });
      return { kind: check.kind, ran, lines };
    }),
  );
}

const secret = "CANARY-of-the-engine";
const status = {
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  message: secret,
  reason: secret,
  details: null,
};
const hostileAnswers: [string, HostileAnswer][] = [
  ...[400, 403, 404, 409, 422, 429, 500, 503].map((code): [string, HostileAnswer] => [
    `the status ${code}`,
    { status: code, body: { ...status, code } },
  ]),
  ["an error without words", { status: 500, body: null }],
  ["no answer", { status: "closed", body: null }],
  ["null", { status: 200, body: null }],
  ["an empty object", { status: 200, body: {} }],
  ["a list", { status: 200, body: [] }],
  ["what is no JSON", { status: 200, body: "<html>" }],
  [
    "items that are none",
    { status: 200, body: { items: [null, 7, {}], metadata: null, spec: null, status: null } },
  ],
];

describe("an engine and an API server that answer", () => {
  for (const [name, said] of hostileAnswers)
    test(`with ${name} end no run in three machines: each check is judged, or breaks as a check`, async () => {
      for (const { kind, ran, lines } of await gradeAll(said, said.status === 400)) {
        // What a check says of the machine in so many words is the machine's; what it throws is not.
        const [check] = ran.checks;
        if (ran.outcome === "platform_fault")
          expect(check?.staffOutput, kind).not.toMatch(/first try: (?!MachineFault)/);
        else expect(["graded", "check_fault"], kind).toContain(ran.outcome);
        expect(ran.fault?.code ?? "check", kind).toBe("check");
        // What the library or the engine said of an error is told to staff alone.
        if (ran.outcome === "check_fault") {
          expect(JSON.stringify([check?.message, lines]), kind).not.toContain(secret);
          expect(ran.fault?.detail, kind).toContain(kind);
        }
      }
    }, 60_000);
});

describe("a check that throws", () => {
  const grade = async (docker: ReturnType<typeof hostileEngine>) => {
    const lines: string[] = [];
    const check = asked.find(({ kind }) => kind === "docker/build");
    if (!check) throw new Error("Builds are asked for.");
    const ran = await runChecks({
      spec: exerciseSpec.parse({
        slug: "x",
        title: "x",
        timeoutSeconds: 60,
        checks: [{ ...check, needs: [] }],
      }),
      submissionDir: await handIn(plainFiles),
      hiddenDir: dir,
      facilities: having(docker, null),
      emit: (event) => event.type === "log" && lines.push(event.line),
      signal: new AbortController().signal,
    });
    return { ran, lines };
  };

  test("in a machine that is well is tried again once, told so, and is no platform fault", async () => {
    const { ran, lines } = await grade(hostileEngine({ status: 500, body: secret }));
    expect(ran).toMatchObject({
      outcome: "check_fault",
      fault: { code: "check", check: "build", triedAgain: true },
    });
    expect(lines).toEqual([expect.stringContaining("Trying it once more.")]);
    expect(ran.fault?.detail).toMatch(/first try:[\s\S]*second try:/);
  });

  test("where the engine is gone is the machine's fault", async () => {
    const engine = hostileEngine({ status: "closed", body: null });
    const gone = new Proxy(engine, {
      get: (target, name) =>
        name === "ping" ? () => Promise.reject(new Error("connect ENOENT")) : Reflect.get(target, name),
    });
    expect((await grade(gone)).ran).toMatchObject({
      outcome: "platform_fault",
      fault: { triedAgain: false },
    });
  });
});

describe("whatever is handed in", () => {
  /** Kinds that read what was handed in, up to where they ask the engine or the cluster for something. */
  const readers = [
    "files/required",
    "docker/lint",
    "docker/build",
    "docker/limits",
    "docker/isolation",
    "docker/persist",
    "kubernetes/manifest",
    "kubernetes/policy",
    "kubernetes/apply",
    "kubernetes/explain",
  ];
  for (const kind of readers)
    test(`${kind} judges it and does not throw`, async () => {
      const definition = checkRegistry.get(kind);
      const check = asked.find((each) => each.kind === kind);
      if (!definition || !check) throw new Error(`There is no ${kind}.`);
      answer = refusesAll;
      const settings = definition.settings.parse(check.with);
      await fc.assert(
        fc.asyncProperty(
          hostileText,
          fc.constantFrom(...Object.keys(plainFiles)),
          fc.boolean(),
          anyResult,
          async (content, name, asFolder, ran) => {
            const { [name as keyof typeof plainFiles]: _replaced, ...rest } = plainFiles;
            const file = asFolder && !name.includes("/") ? `${name}/inside` : name;
            const submissionDir = await handIn({ ...rest, [file]: content });
            const context = contextOf(check, submissionDir, ran);
            const said = await definition.run(context, settings).catch((error: unknown) => {
              if (
                error === stop ||
                (error as Error).cause === stop ||
                (error as { code?: number }).code === noSuchThing
              )
                return null;
              throw error;
            });
            expect(said === null || ["passed", "failed", "not_graded"].includes(said.verdict)).toBe(true);
            await rm(submissionDir, { recursive: true });
          },
        ),
        { numRuns: 60 },
      );
    }, 120_000);
});

/** An API server that knows pods, and has and takes none. */
const refusesAll = (url: string): HostileAnswer => {
  const pods = {
    resource: "pods",
    scope: "Namespaced",
    verbs: ["create", "get"],
    responseKind: { group: "", version: "v1", kind: "Pod" },
  };
  if (url === "/api")
    return {
      status: 200,
      body: { items: [{ metadata: {}, versions: [{ version: "v1", resources: [pods] }] }] },
    };
  if (url === "/apis") return { status: 200, body: { items: [] } };
  return { status: noSuchThing, body: { ...status, code: noSuchThing } };
};
const noSuchThing = 404;

/** What comes after the student's files were read is the engine's, and no matter here. */
const stop = new Error("The engine was asked.");

function contextOf(check: CheckSpec, submissionDir: string, ran: CommandResult): CheckContext {
  const asks = () => Promise.reject(stop);
  const docker = {
    info: async () => ({ DockerRootDir: "/" }),
    listImages: async () => [{ RepoTags: ["busybox:latest", "python:3.13-slim", "<none>:<none>"] }],
    getImage: () => ({ inspect: asks }),
    createContainer: asks,
  };
  return {
    submissionDir,
    hiddenDir: hiddenDirs.get(check.kind) ?? dir,
    docker: docker as never,
    facility: () => cluster,
    kubernetes: () => cluster,
    checkId: check.id,
    maxPoints: check.points,
    builtImages: new Map([["build", "drydock-build/x:latest"]]),
    shared: new Map(),
    signal: new AbortController().signal,
    remainingMs: () => 1000,
    log: () => undefined,
    staff: () => undefined,
    shown: new ShownByCheck(),
    run: async ([program]) => {
      if (program === "docker-registry") throw stop;
      return ran;
    },
  };
}
