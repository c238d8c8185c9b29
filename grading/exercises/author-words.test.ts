import { expect, test } from "vitest";
import { folderWith } from "#tests/support/files/folder-with.ts";
import { loadExercise } from "./load-exercise.ts";

/** What is said of an exercise with these lines above its checks and these in its one check. */
async function said(top: string, check = "points: 1"): Promise<string[]> {
  const text = `slug: a\ntitle: A\n${top}checks:\n  - id: build\n    kind: docker/build\n    title: T\n    ${check}\n`;
  const loaded = await loadExercise(await folderWith({ "exercise.yaml": text }));
  return loaded.outcome === "ok" ? [] : loaded.problems.map(({ line, message }) => `${line} ${message}`);
}

const known =
  "is not a facility; the facilities are engine (Docker, always there without being named), kubernetes";
const kubernetes = "write facilities: { kubernetes: {} }, or remove it where Docker alone will do";

test.each([
  ["facilities: { kubernets: {} }\n", `3 facilities.kubernets ${known}`],
  ["facilities: { Kubernetes: {} }\n", `3 facilities.Kubernetes ${known}`],
  ["facilities: { docker: {} }\n", `3 facilities.docker ${known}`],
  ["facilities: [kubernetes]\n", `3 facilities: must be settings by name, and is a list; ${kubernetes}`],
  ["facilities: Kubernetes\n", `3 facilities: must be settings by name, and is "Kubernetes"; ${kubernetes}`],
  ["facilities:\n", `3 facilities: is empty; ${kubernetes}`],
  ["facilities:\n  kubernetes:\n", "4 facilities.kubernetes: is empty; write kubernetes: {}"],
  [
    "facilities: { kubernetes: { nodes: 9 } }\n",
    "3 facilities.kubernetes.nodes: must be a whole number from 1 to 3, and is 9",
  ],
  [
    "facilities: { kubernetes: { nodes: 2.5 } }\n",
    "3 facilities.kubernetes.nodes: must be a whole number from 1 to 3, and is 2.5",
  ],
  [
    "facilities: { kubernetes: { namespaces: [Shop] } }\n",
    '3 facilities.kubernetes.namespaces[0]: must be lower-case words joined by hyphens, such as my-team, and is "Shop"',
  ],
  [
    "facilities: { kubernetes: { namespaces: [default] } }\n",
    '3 facilities.kubernetes.namespaces[0]: must not be default, kube-… or drydock…, which belong to the cluster, and is "default"',
  ],
  [
    "facilities: { kubernetes: { namespaces: [] } }\n",
    "3 facilities.kubernetes.namespaces: must be a list of 1 to 5 items, and has 0",
  ],
  [
    "requiredFiles: [/Dockerfile]\n",
    '3 requiredFiles[0]: must be a relative path with no .. and no backslash, such as Dockerfile or k8s/, and is "/Dockerfile"',
  ],
  ["requiredFiles: Dockerfile\n", '3 requiredFiles: must be a list, and is "Dockerfile"'],
  ["limits: { entries: 0 }\n", "3 limits.entries: must be a whole number of at least 1, and is 0"],
  ["profile: docker\n", "3 profile: is replaced by facilities, and every machine has Docker; remove it"],
  [
    "profile: kubernetes\nkubernetes: { nodes: 2 }\n",
    "3 profile: is replaced by facilities; instead of profile and kubernetes write facilities: { kubernetes: { nodes: 2 } }",
  ],
  [
    "kubernetes: { nodes: 2 }\n",
    "3 kubernetes: stands under facilities now; instead write facilities: { kubernetes: { nodes: 2 } }",
  ],
])("an author who writes %j is told once what to write", async (top, message) => {
  expect(await said(top)).toEqual([message]);
});

test.each([
  ["# nothing", "4 checks[0].points: is missing; write a number from 0 to 1000"],
  ["points: many", '7 checks[0].points: must be a number from 0 to 1000, and is "many"'],
  ["points:", "7 checks[0].points: is empty; write a number from 0 to 1000"],
  [
    "points: 1\n    with: { buildArgs: { 1a: x } }",
    '8 checks[0].with.buildArgs.1a: the name "1a" must be a name of letters, digits and _, such as LOG_LEVEL',
  ],
  ["points: 1\n    with: { target: [x] }", "8 checks[0].with.target: must be text, and is a list"],
  [
    "points: 1\n\tneeds: []\n\twith: {}",
    "8 is indented with a tab; YAML takes only spaces there: replace every tab by two spaces",
  ],
])("of a check with %j its author is told the rule and the fix", async (check, message) => {
  expect(await said("", check)).toEqual([message]);
});

const rollingUpdate = (settings: string) => `points: 1
  - id: update
    kind: kubernetes/rolling-update
    title: U
    points: 1
    with: { deployment: web, service: web, ${settings} }`;

test.each([
  ["update: { env: { A: 1 } }", "with.update.env.A: must be text, and is 1"],
  ["update: { env: {}, imag: x }", "with.update.imag is not a setting here; remove it or correct its name"],
  ["update: 3", "with.update: must be settings (name: value), and is 3"],
  ["update: { image: a }, maxSurge: x%", 'with.maxSurge: must be a percentage such as 25%, and is "x%"'],
])(
  "of a setting with several forms, the one that %s comes nearest to is told of",
  async (settings, message) => {
    expect(await said("facilities: { kubernetes: {} }\n", rollingUpdate(settings))).toEqual([
      `13 checks[1].${message}`,
    ]);
  },
);
