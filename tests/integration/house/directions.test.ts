import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const require = createRequire(import.meta.url);
const config = path.resolve(".dependency-cruiser.cjs");
const cruiser = path.resolve("node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

/** Of each rule, a file that breaks it: what it imports. Files that are named twice break two. */
const broken: Record<string, [from: string, to: string][]> = {
  "no-circular": [["course/a.ts", "course/b.ts"]],
  "no-unresolvable": [["course/gone.ts", "./there-is-none.ts"]],
  "rules-stay-pure": [
    ["grading/runs/stores.ts", "infra/db/client.ts"],
    ["grading/machines/stores.ts", "infra/db/client.ts"],
    ["course/page.ts", "app/page.ts"],
  ],
  "production-never-imports-tests": [["infra/db/fake.ts", "tests/support/fake.ts"]],
  "engine-clients-only-in-the-machine": [
    ["grading/runs/engine.ts", "dockerode"],
    ["grading/exercises/engine.ts", "@kubernetes/client-node"],
  ],
  "the-control-side-knows-kinds-alone": [
    ["grading/runs/agent.ts", "grading/machine/agent/agent.ts"],
    ["grading/exercises/registry.ts", "grading/machine/checks/registry.ts"],
    ["grading/machines/start.ts", "grading/machine/facilities/kubernetes/start.ts"],
  ],
  "the-catalogue-is-pure": [
    ["grading/machine/checks/catalogue.ts", "grading/machine/checks/files/kit/open.ts"],
    ["grading/machine/facilities/catalogue.ts", "grading/machine/facilities/kinds/loading.ts"],
  ],
  "facilities-know-no-agent": [
    ["grading/machine/facilities/kubernetes/agent.ts", "grading/machine/agent/agent.ts"],
  ],
  "kinds-stand-alone": [
    ["grading/machine/facilities/kinds/queue.ts", "grading/machine/facilities/kubernetes/start.ts"],
  ],
  "moves-are-the-rules-own": [
    ["infra/db/moves.ts", "grading/runs/move-run.ts"],
    ["workers/moves.ts", "grading/machines/move-machine.ts"],
    ["app/moves.ts", "grading/runs/transition-run.ts"],
  ],
  "checks-know-no-agent": [
    ["grading/machine/checks/files/required/agent.ts", "grading/machine/agent/agent.ts"],
  ],
  "families-share-the-kit-alone": [
    ["grading/machine/checks/files/required/other.ts", "grading/machine/checks/docker/kit/build.ts"],
  ],
  "checks-share-a-kit-alone": [
    ["grading/machine/checks/docker/build/other.ts", "grading/machine/checks/docker/lint/check.ts"],
    ["grading/machine/checks/docker/kit/other.ts", "grading/machine/checks/docker/lint/check.ts"],
  ],
  "web-loads-no-engine": [["app/engine.ts", "infra/compute/provider.ts"]],
  "only-the-machine-loads-kubernetes": [["workers/check.ts", "grading/machine/checks/kubernetes/kit/api.ts"]],
  "kubernetes-only-in-the-machine": [["infra/compute/nodes.ts", "@kubernetes/client-node"]],
  "course-knows-no-grading": [["course/runs.ts", "grading/runs/run.ts"]],
  "infra-implements-ports": [["infra/db/page.ts", "app/page.ts"]],
  "app-and-workers-are-strangers": [["app/loop.ts", "workers/loop.ts"]],
  "workers-and-app-are-strangers": [["workers/page.ts", "app/page.ts"]],
};
/** What those import, and what is allowed. */
const sound: Record<string, string[]> = {
  "course/b.ts": ["course/a.ts"],
  "infra/db/client.ts": [],
  "infra/compute/provider.ts": ["dockerode"],
  "app/page.ts": ["infra/db/client.ts", "grading/runs/run.ts"],
  "workers/loop.ts": ["infra/db/client.ts"],
  "tests/support/fake.ts": [],
  "grading/runs/run.ts": ["grading/protocol/messages.ts"],
  "grading/protocol/messages.ts": [],
  "grading/exercises/load.ts": ["grading/machine/checks/catalogue.ts"],
  "grading/machines/kind.ts": ["grading/machine/facilities/catalogue.ts"],
  "grading/machine/facilities/kinds/engine.ts": [],
  "grading/machine/facilities/kinds/loading.ts": ["dockerode"],
  "grading/machine/facilities/kubernetes/start.ts": ["grading/machine/facilities/kinds/engine.ts"],
  "grading/runs/move-run.ts": ["grading/runs/transition-run.ts", "grading/machines/move-machine.ts"],
  "grading/runs/transition-run.ts": [],
  "grading/machines/move-machine.ts": [],
  "grading/runs/acts/cancel.ts": ["grading/runs/move-run.ts"],
  "grading/submissions/submit.ts": ["grading/submissions/archive/read.ts"],
  "grading/submissions/archive/read.ts": [],
  "grading/machine/agent/agent.ts": ["grading/machine/checks/registry.ts", "dockerode"],
  "grading/machine/checks/registry.ts": ["grading/machine/checks/docker/lint/check.ts"],
  "grading/machine/checks/docker/lint/check.ts": ["grading/machine/checks/docker/kit/build.ts"],
  "grading/machine/checks/docker/kit/build.ts": ["grading/machine/checks/kit/words.ts", "dockerode"],
  "grading/machine/checks/files/kit/open.ts": ["dockerode"],
  "grading/machine/checks/kit/words.ts": [],
  "grading/machine/checks/kubernetes/kit/api.ts": ["@kubernetes/client-node"],
};

let house: string;
beforeAll(async () => {
  house = await mkdtemp(path.join(tmpdir(), "drydock-house-"));
  const files: Record<string, string> = {
    "package.json": "{}",
    "tsconfig.json": "{}",
    "node_modules/dockerode/package.json": '{"name":"dockerode","main":"index.js"}',
    "node_modules/dockerode/index.js": "module.exports = {};",
    "node_modules/@kubernetes/client-node/package.json":
      '{"name":"@kubernetes/client-node","main":"index.js"}',
    "node_modules/@kubernetes/client-node/index.js": "module.exports = {};",
  };
  const importing = (from: string, to: string) => {
    const name =
      to.includes(".ts") && !to.startsWith(".") ? path.posix.relative(path.posix.dirname(from), to) : to;
    return `import "${/^(\.|@|dockerode)/.test(name) ? name : `./${name}`}";\n`;
  };
  const all = [
    ...Object.values(broken).flat(),
    ...Object.entries(sound).flatMap(([from, to]) => to.map((each) => [from, each] as const)),
  ];
  for (const file of Object.keys(sound)) files[file] = "";
  for (const [from, to] of all) files[from] = `${files[from] ?? ""}${importing(from, to)}`;
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(house, name)), { recursive: true });
    await writeFile(
      path.join(house, name),
      `${content}export {};\n`.replace(/^\{(.*)\}export \{\};\n$/s, "{$1}"),
    );
  }
});
afterAll(() => rm(house, { recursive: true, force: true }));

const found = async (): Promise<string[]> => {
  const args = [
    cruiser,
    "--config",
    config,
    "--output-type",
    "json",
    "app",
    "course",
    "grading",
    "infra",
    "tests",
    "workers",
  ];
  const said = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: house, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      stdout === "" ? reject(new Error(stderr, { cause: error })) : resolve(stdout),
    );
  });
  const { summary } = JSON.parse(said) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
};
const rules = (require(config) as { forbidden: { name: string }[] }).forbidden.map(({ name }) => name);

test("every forbidden import is an error, and the allowed ones beside it are none", async () => {
  const wanted = rules.flatMap((name) => (broken[name] ?? []).map(([from]) => `${name}: ${from}`));
  expect((await found()).sort()).toEqual(wanted.sort());
});

test("every rule is tried here", () => {
  expect([...rules].sort()).toEqual(Object.keys(broken).sort());
});
