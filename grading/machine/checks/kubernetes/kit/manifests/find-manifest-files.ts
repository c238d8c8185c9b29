import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { listHandedIn } from "../../../kit/files/student-file.ts";
import { withoutTrailing } from "../../../kit/words/without-trailing.ts";

export type ManifestFiles =
  /** Relative to the submission's root, sorted; others are the names of files that are no manifests. */
  { outcome: "ok"; files: string[] } | { outcome: "refused"; happened: string; fix: string };

const mostFiles = 100;
const mostEntries = 2000;

/** Every *.yaml, *.yml and *.json at or below a path of the submission. Links are not followed. */
export async function findManifestFiles(submissionDir: string, at: string): Promise<ManifestFiles> {
  const root = withoutTrailing(at, "/") || ".";
  const kind = await kindOf(submissionDir, root);
  if (kind === "file") return { outcome: "ok", files: [root] };
  if (kind !== "folder") return missing(submissionDir, at);
  const files: string[] = [];
  const folders = [root];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(path.join(submissionDir, folder), { withFileTypes: true })) {
      entries += 1;
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(name);
      else if (entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name)) files.push(name);
    }
    if (files.length > mostFiles || entries > mostEntries) return tooMany(at, files.length);
  }
  const packaged = packageIn(files);
  if (packaged) return packaged;
  if (files.length === 0)
    return {
      outcome: "refused",
      happened: `${at} has no file that ends in .yaml, .yml or .json; it has ${await listHandedIn(submissionDir, root)}.`,
      fix: `Put the manifests below ${at}, each in a file that ends in .yaml.`,
    };
  return { outcome: "ok", files: files.sort() };
}

/** What lies at a path, no part of which may be a link. */
async function kindOf(submissionDir: string, at: string): Promise<"file" | "folder" | "other" | null> {
  let kind: "file" | "folder" | "other" = "folder";
  const parts = at === "." ? [] : at.split("/");
  for (const [index] of parts.entries()) {
    if (kind !== "folder") return null;
    try {
      const stats = await lstat(path.join(submissionDir, ...parts.slice(0, index + 1)));
      kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }
  return kind;
}

async function missing(submissionDir: string, at: string): Promise<ManifestFiles> {
  const names = await readdir(submissionDir);
  const wanted = at.split("/")[0] ?? at;
  const near = names.find((name) => name.toLowerCase() === wanted.toLowerCase() && name !== wanted);
  if (near)
    return {
      outcome: "refused",
      happened: `There is no ${at}, but ${near}, which differs in upper and lower case.`,
      fix: `Rename ${near} to ${wanted}.`,
    };
  return {
    outcome: "refused",
    happened: `There is no ${at}; the submission's root has ${await listHandedIn(submissionDir)}.`,
    fix: at.endsWith("/")
      ? `Make a folder ${at} and put the manifests into it, each in a file that ends in .yaml.`
      : `Hand in ${at}.`,
  };
}

const tooMany = (at: string, count: number): ManifestFiles => ({
  outcome: "refused",
  happened: `${at} has ${count > mostFiles ? `more than ${mostFiles} manifests` : `more than ${mostEntries} files and folders`}.`,
  fix: `Hand in only what the exercise asks for; several objects may share a file, with --- between them.`,
});

/** A Helm chart or a Kustomize folder, which hold no manifests yet but make them. */
function packageIn(files: string[]): ManifestFiles | null {
  const chart = files.find((file) => /(^|\/)Chart\.ya?ml$/.test(file));
  if (chart) {
    const folder = path.posix.dirname(chart);
    return {
      outcome: "refused",
      happened: `${chart} says that this is a Helm chart. A chart is no manifest: Helm fills in its templates first.`,
      fix: `Render it and hand in the result alone: helm template my-release ${folder} > all.yaml, and put all.yaml where the chart is now.`,
    };
  }
  const kustomization = files.find((file) => /(^|\/)kustomization\.ya?ml$/i.test(file));
  if (kustomization) {
    const folder = path.posix.dirname(kustomization);
    return {
      outcome: "refused",
      happened: `${kustomization} says that this is for Kustomize, which makes the manifests from it first.`,
      fix: `Render it and hand in the result alone: kubectl kustomize ${folder} > all.yaml, and put all.yaml where the folder is now.`,
    };
  }
  return null;
}
