import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";

/**
 * Text that a student can make a check meet, as expressions, so that a thread makes megabytes itself. Each of the
 * first ones kept the agent's only thread busy for 6 to 59 s, four times that at twice the length.
 */
const attacks: [name: string, module: string, call: string][] = [
  [
    "limits.env: spaces and a comment that no line ends",
    "docker/kit/parse-limits.ts",
    'parseLimits("MEMORY=" + " ".repeat(60_000) + "#\\u2028")',
  ],
  [
    "limits.env: spaces before the equals sign",
    "docker/kit/parse-limits.ts",
    'parseLimits("export" + " ".repeat(60_000))',
  ],
  [
    "output: fork, again and again",
    "kit/container/forks-refused.ts",
    'forksRefused.test("fork ".repeat(52_000))',
  ],
  [
    "image: a key's first line and newlines",
    "docker/image/find-secrets.ts",
    'findSecret("-----BEGIN PRIVATE KEY-----" + "\\n".repeat(4 << 20), knownSecrets)',
  ],
  [
    "image: many keys' first lines",
    "docker/image/find-secrets.ts",
    'findSecret("-----BEGIN PRIVATE KEY-----\\n".repeat(150_000), knownSecrets)',
  ],
  [
    "image: headers of a key without end",
    "docker/image/find-secrets.ts",
    'findSecret("-----BEGIN PRIVATE KEY-----\\n" + "a: b\\n".repeat(800_000), knownSecrets)',
  ],
  [
    "image: an AWS key's name and spaces",
    "docker/image/find-secrets.ts",
    'findSecret(("aws_secret_access_key" + " ".repeat(500)).repeat(8000), knownSecrets)',
  ],
  [
    "image: a word without end in its history",
    "docker/image/find-secrets.ts",
    'findSecret("TOKEN".repeat(200_000), [namedSecret])',
  ],
  [
    "monitor.sh: newlines for the exercise's own pattern",
    "kit/words/match-text.ts",
    'textMatches({ regex: "^\\\\s*(12[6-9]|13\\\\d|14\\\\d|15[0-4])\\\\s*$" }, "\\n".repeat(262_144))',
  ],
  [
    "output for an author's (a+)+$",
    "kit/words/match-text.ts",
    'textMatches({ regex: "^(a+)+$" }, "a".repeat(262_144) + "b")',
  ],
  [
    "answers: a name, then spaces",
    "kubernetes/explain/read-answers.ts",
    'parseAnswers("{\\na" + " ".repeat(65_000) + ":" + " ".repeat(400) + "\\u2028")',
  ],
  ["answers: brackets in brackets", "kubernetes/explain/read-answers.ts", 'parseAnswers("[".repeat(5_000))'],
  [
    "image name of colons",
    "kubernetes/kit/pods/image-names.ts",
    'imagesLike(":".repeat(200_000) + "/", ["a:1", ":".repeat(100)])',
  ],
  [
    "image name of at signs",
    "kubernetes/kit/pods/image-names.ts",
    'plainImageName("@:".repeat(200_000) + "/")',
  ],
  [
    "words of the API server: unknown field",
    "kubernetes/kit/manifests/explain-refusal.ts",
    'explainRefusal({ what: "x", kind: { kind: "x" }, namespace: "n" }, { code: 400, message: ".a".repeat(100_000), causes: [], reason: "" })',
  ],
  [
    "Dockerfile of directives",
    "docker/build/foreign-syntax.ts",
    '((text) => withoutSyntax(text, findSyntax(text)))("# check=a\\n".repeat(6000) + "# syntax=b\\n" + "# escape=c\\n".repeat(100))',
  ],
  ["FROM a name of dashes", "docker/build/image-reference.ts", 'readReference("a" + "-".repeat(630))'],
  [
    "FROM a registry of dashes",
    "docker/build/image-reference.ts",
    'readReference("A" + "-".repeat(600) + "!/a")',
  ],
  ["a build's denied sources", "docker/build/source-policy.ts", 'findDenied("source \\"".repeat(130_000))'],
];

const builds: [name: string, output: string][] = [
  ["carriage returns", '"\\r".repeat(1 << 20)'],
  ["newlines", '"\\n".repeat(1 << 20)'],
  ["process, again and again, in one line", '"process \\"".repeat(116_000)'],
  ["process, again and again, over lines", '"process \\"\\n".repeat(116_000)'],
  ["failed to parse, again and again", '"failed to parse".repeat(70_000)'],
  ["lstat, again and again", '"lstat x/buildkit-mount1".repeat(45_000)'],
  ["failed to compute cache key, again and again", '"failed to compute cache key\\"".repeat(36_000)'],
  ["COPY failed, again and again", '"COPY failed: file not found in build context".repeat(24_000)'],
  ["step heads without end", '"#1 [" + "1/1".repeat(350_000)'],
  ["step heads, one a line", '"#1 [\\n".repeat(200_000)'],
  ["numbers before a bar", '"1".repeat(1 << 20)'],
  [
    "a step's number of a megabyte",
    '"#" + "1".repeat(1 << 20) + " ERROR: process\\nprocess \\"x\\" did not complete successfully: exit code: 1"',
  ],
  ["pull access denied, again and again", '"pull access denied for ".repeat(45_000)'],
];

/** Dockerfiles at the size that is read at most, 64 KiB. */
const dockerfiles: [name: string, text: string][] = [
  ["FROM lines", 'Array.from({ length: 3500 }, (_, i) => "FROM a:1 AS s" + i + "\\n").join("")'],
  ["continuation lines", '"FROM a:1\\nRUN a" + " \\\\\\n".repeat(21_000)'],
  ["one RUN of words", '"FROM a:1\\nRUN " + "a ".repeat(32_000)'],
  ["RUN lines", '"FROM a:1\\n" + "RUN x\\n".repeat(10_000)'],
  ["apt with options", '"FROM a:1\\nRUN apt " + "-a ".repeat(21_000)'],
  ["pip, again and again", '"FROM a:1\\nRUN " + "pip -a ".repeat(9_000)'],
  ["ENV of a word without end", '"FROM a:1\\nENV " + "TOKEN".repeat(12_000)'],
  ["CMD lines", '"FROM a:1\\n" + "CMD x\\n".repeat(10_000)'],
  ["a bracket without end", '"FROM a:1\\nCMD " + "[".repeat(65_000)'],
  ["heredoc that never ends", '"FROM a:1\\nRUN <<EOF\\n" + "x\\n".repeat(32_000)'],
];

/** Generous: what is linear needs some hundred milliseconds, what was not needed this long at a tenth of the text. */
const deadlineMs = 30_000;

/** Loads modules from their source and makes calls; ended when one of them hangs. */
const program = `import("tsx/esm/api").then(({ register }) => {
  register();
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", async ({ file, names, call }) => {
    try {
      const parts = await import(file);
      const made = new Function("parts", "load", "const {" + names + "} = parts; return (async () => " + call + ")();");
      parentPort.postMessage("answered " + typeof (await made(parts, (name) => import(name))));
    } catch (error) { parentPort.postMessage("threw " + error); }
  });
});`;

let thread: Worker | null = null;
afterAll(() => thread?.terminate());

/** Makes the call in a thread; its answer, or "hangs" past the deadline, or what it threw. */
async function outcomeOf(module: string, call: string): Promise<string> {
  const running = thread ?? new Worker(program, { eval: true });
  thread = running;
  const over = new AbortController();
  const answered = once(running, "message", { signal: over.signal });
  const late = wait(deadlineMs, ["hangs"], { signal: over.signal });
  // The one that loses ends by the abort.
  for (const each of [answered, late]) each.catch(() => undefined);
  running.postMessage({ file: new URL(module, import.meta.url).href, names: names(call), call });
  const [outcome] = (await Promise.race([answered, late])) as [string];
  over.abort();
  if (outcome === "hangs") {
    await running.terminate();
    thread = null;
  }
  return outcome;
}

/** The functions of the module that a call uses. */
const names = (call: string) =>
  [
    "parseLimits",
    "forksRefused",
    "findSecret",
    "knownSecrets",
    "namedSecret",
    "textMatches",
    "parseAnswers",
    "imagesLike",
    "plainImageName",
    "explainRefusal",
    "explainBuild",
    "withoutSyntax",
    "findSyntax",
    "readReference",
    "findDenied",
    "lintAll",
  ]
    .filter((name) => call.includes(name))
    .join(", ");

describe("no text of a student's makes a check throw or hang", { timeout: 60_000 }, () => {
  it.each(attacks)("%s", async (_name, module, call) => {
    expect(await outcomeOf(module, call)).toMatch(/^answered/);
  });

  it.each(builds)("a build's output: %s", async (_name, output) => {
    const call = `explainBuild(
      { submissionDir: "/", log() {}, staff() {} },
      { context: ".", dockerfile: "Dockerfile", maxDiskMiB: 1, maxOutputMiB: 1 },
      { file: "", context: "", parsed: { getInstructions: () => [] }, remove() {} },
      { stdout: ${output}, stderr: "", ended: "exited", exitCode: 1, durationMs: 1 },
      { excess: null, forksRefused: false, processLimit: 1, memoryUsedUp: false, memoryLimit: 1 },
    )`;
    expect(await outcomeOf("docker/build/explain-build.ts", call)).toMatch(/^answered/);
  });

  it.each(dockerfiles)("a Dockerfile: %s", async (_name, text) => {
    const module = "docker/lint/lint-rules.ts";
    const stages = new URL("docker/kit/dockerfile-stages.ts", import.meta.url).href;
    const call = `(async () => {
      const { isStage } = await load("${stages}");
      const { DockerfileParser } = await load("dockerfile-ast");
      const file = DockerfileParser.parse(${text});
      for (const from of file.getFROMs()) isStage(file, from);
      return Object.values(parts.lintRules).map((rule) => rule.find(file, [80]));
    })()`;
    expect(await outcomeOf(module, call)).toMatch(/^answered/);
  });
});
