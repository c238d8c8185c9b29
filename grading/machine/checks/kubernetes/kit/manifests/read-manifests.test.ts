import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CheckContext } from "../../../kit/define-check.ts";
import { readManifests } from "./read-manifests.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "drydock-manifests-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n`;

async function read(files: Record<string, string>, at = "k8s/") {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), text);
  }
  return readManifests({ submissionDir: dir, shared: new Map() } as unknown as CheckContext, at);
}

/** What the student is told. */
async function refusal(files: Record<string, string>, at?: string): Promise<string> {
  const outcome = await read(files, at);
  if (outcome.outcome === "ok") throw new Error("These manifests were taken.");
  const { happened, fix } = outcome.message;
  return `${happened} | ${fix}`;
}

describe("manifests are read", () => {
  it("from every YAML and JSON file of the folder, in the order of names, with file and line", async () => {
    const outcome = await read({
      "k8s/b.yml": `# a comment\n${pod("b1")}---\n\n---\n${pod("b2")}`,
      "k8s/a/c.json": `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c"}}`,
      "k8s/notes.txt": "no manifest",
    });
    expect(outcome).toMatchObject({
      outcome: "ok",
      documents: [
        { file: "k8s/a/c.json", line: 1, object: { metadata: { name: "c" } } },
        { file: "k8s/b.yml", line: 2, object: { metadata: { name: "b1" } } },
        { file: "k8s/b.yml", line: 9, object: { metadata: { name: "b2" } } },
      ],
    });
  });

  it("from a single file when the path names one", async () => {
    const outcome = await read({ "all.yaml": pod("a") }, "all.yaml");
    expect(outcome).toMatchObject({ outcome: "ok", documents: [{ file: "all.yaml" }] });
  });

  it("with the objects of a List one by one", async () => {
    const outcome = await read({
      "k8s/a.yaml":
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n",
    });
    expect(outcome.outcome === "ok" && outcome.documents.map((each) => each.object.metadata.name)).toEqual([
      "a",
      "b",
    ]);
  });

  it("as kubectl reads them: octal modes, yes as true, times and dates as text, unknown fields kept", async () => {
    const outcome = await read({
      "k8s/a.yaml": `${pod("a")}spec:\n  mode: 0644\n  on: yes\n  at: 12:30:00\n  day: 2026-11-24\n  <<: {merged: 1}\n`,
    });
    expect(outcome.outcome === "ok" && outcome.documents[0]?.object.spec).toEqual({
      mode: 420,
      true: true,
      at: "12:30:00",
      day: "2026-11-24",
      merged: 1,
    });
  });

  it("once per run, so that a check never sees another text than the one before it", async () => {
    await mkdir(path.join(dir, "k8s"));
    await writeFile(path.join(dir, "k8s/a.yaml"), pod("a"));
    const context = { submissionDir: dir, shared: new Map() } as unknown as CheckContext;
    const first = await readManifests(context, "k8s/");
    await writeFile(path.join(dir, "k8s/a.yaml"), pod("b"));
    expect(await readManifests(context, "k8s/")).toBe(first);
  });
});

const bomb = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi".split("").map((key, index) => {
    const before = "abcdefghi"[index];
    return `${key}: &${key} [${Array(9).fill(`*${before}`).join(",")}]`;
  }),
].join("\n");

describe("manifests are refused", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ["no folder", { "web.yaml": pod("a") }, /There is no k8s\/; the submission's root has web\.yaml/],
    ["another case", { "K8s/web.yaml": pod("a") }, /There is no k8s\/, but K8s.*Rename K8s to k8s/],
    ["no manifest in the folder", { "k8s/readme.md": "hi" }, /has no file that ends in \.yaml.*readme\.md/],
    ["an empty file", { "k8s/a.yaml": "" }, /k8s\/a\.yaml holds no object/],
    ["nothing but comments", { "k8s/a.yaml": "# later\n---\n# more\n" }, /holds no object/],
    ["text", { "k8s/a.yaml": "hello there" }, /line 1: is no Kubernetes object, but a piece of text/],
    ["a list", { "k8s/a.yaml": "- a\n- b\n" }, /is no Kubernetes object, but a list/],
    [
      "not YAML",
      { "k8s/a.yaml": `${pod("a")}spec: {containers: [\n` },
      /k8s\/a\.yaml, line \d+: is not valid YAML/,
    ],
    [
      "a tab",
      { "k8s/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n" },
      /k8s\/a\.yaml, line 4: is indented with a tab/,
    ],
    [
      "one broken document of three",
      { "k8s/a.yaml": `${pod("a")}---\napiVersion: v1\n  kind: Pod\n---\n${pod("c")}` },
      /^k8s\/a\.yaml, document 2, line \d+: is not valid YAML[^\n]*\.? \|/,
    ],
    [
      "a key twice",
      { "k8s/a.yaml": "apiVersion: v1\nkind: Pod\nkind: Pod\nmetadata: {name: a}\n" },
      /line 3: is not valid YAML: the same key is stated twice/,
    ],
    ["no kind", { "k8s/a.yaml": "apiVersion: v1\nmetadata: {name: a}\n" }, /has no kind; every/],
    [
      "no name",
      { "k8s/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {}\n" },
      /\(Pod\) has no metadata\.name/,
    ],
    [
      "a generated name",
      { "k8s/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n" },
      /has metadata\.generateName; give it a fixed metadata\.name/,
    ],
    [
      "a number as name",
      { "k8s/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: 12}\n" },
      /metadata\.name must be text; put it in quotes/,
    ],
    [
      "a Compose file",
      { "k8s/compose.yaml": "services:\n  web:\n    image: nginx\n" },
      /is a Compose file, which Kubernetes does not read/,
    ],
    [
      "a Helm chart",
      { "k8s/shop/Chart.yaml": "name: shop\n", "k8s/shop/templates/a.yaml": "{{ .Values.x }}" },
      /k8s\/shop\/Chart\.yaml says that this is a Helm chart.*helm template my-release k8s\/shop > all\.yaml/,
    ],
    [
      "a Helm template alone",
      { "k8s/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n" },
      /k8s\/a\.yaml is a template of a Helm chart/,
    ],
    [
      "a Kustomize folder",
      { "k8s/kustomization.yaml": "resources: [a.yaml]\n", "k8s/a.yaml": pod("a") },
      /is for Kustomize.*kubectl kustomize k8s > all\.yaml/,
    ],
    ["an alias bomb", { "k8s/a.yaml": `${pod("a")}${bomb}\n` }, /grow beyond all measure/],
    ["an alias of nothing", { "k8s/a.yaml": `${pod("a")}x: *nobody\n` }, /alias/],
    [
      "brackets without end",
      { "k8s/a.yaml": "[".repeat(200_000) },
      /line 1: is (nested too deeply|not valid)/,
    ],
    ["a large file", { "k8s/a.yaml": "#".repeat(1024 * 1024 + 1) }, /larger than 1 MiB/],
    ["UTF-16", { "k8s/a.yaml": "a\0p\0i\0" }, /is no text in UTF-8/],
    [
      "ten thousand ConfigMaps",
      {
        "k8s/a.yaml": Array.from(
          { length: 10_000 },
          (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}}\n`,
        ).join("---\n"),
      },
      /more than 200 objects/,
    ],
    [
      "hundreds of files",
      Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k8s/${index}.yaml`, pod("a")])),
      /more than 100 manifests/,
    ],
  ])("when there is %s", async (_what, files, said) => {
    expect(await refusal(files)).toMatch(said);
  });

  it("when a link leads out of the submission: it is not followed", async () => {
    await symlink("/etc", path.join(dir, "k8s"));
    expect(await refusal({})).toMatch(/There is no k8s\//);
    await rm(path.join(dir, "k8s"));
    await mkdir(path.join(dir, "k8s"));
    await symlink("/etc/passwd", path.join(dir, "k8s/a.yaml"));
    expect(await refusal({})).toMatch(/has no file that ends in \.yaml/);
  });
});
