import { re } from "re2js";
import type { CheckMessage } from "../../../../../protocol/messages.ts";
import type { CheckContext } from "../../../kit/define-check.ts";
import { readStudentText } from "../../../kit/files/student-file.ts";
import { findManifestFiles } from "./find-manifest-files.ts";
import { type ManifestObject, readObjects } from "./manifest-object.ts";
import { parseManifest } from "./parse-manifest.ts";

export type { ManifestObject };

export interface ManifestDocument {
  /** Relative to the submission's root. */
  file: string;
  /** From 1, where its document begins. */
  line: number;
  /** As handed in, unknown fields too. */
  object: ManifestObject;
}

export type ManifestsRead =
  /** At least one, in the order of files and documents. */
  { outcome: "ok"; documents: ManifestDocument[] } | { outcome: "refused"; message: CheckMessage };

const mostFileBytes = 1024 * 1024;
const mostAllBytes = 4 * 1024 * 1024;
const mostObjects = 200;

/** The student's manifests at or below a path (such as k8s/), read once per run and path. */
export function readManifests(context: CheckContext, path: string): Promise<ManifestsRead> {
  const key = `kubernetes/manifests:${path}`;
  const known = context.shared.get(key) as Promise<ManifestsRead> | undefined;
  if (known) return known;
  const read = readAll(context.submissionDir, path);
  context.shared.set(key, read);
  return read;
}

async function readAll(submissionDir: string, path: string): Promise<ManifestsRead> {
  const expected = `${path} holds Kubernetes manifests in YAML or JSON.`;
  const refuse = (happened: string, fix: string): ManifestsRead => ({
    outcome: "refused",
    message: { expected, happened, fix },
  });
  const found = await findManifestFiles(submissionDir, path);
  if (found.outcome === "refused") return refuse(found.happened, found.fix);
  const documents: ManifestDocument[] = [];
  const problems: string[] = [];
  let bytes = 0;
  for (const file of found.files) {
    const read = await readStudentText(submissionDir, file, mostFileBytes);
    if (read.outcome !== "ok")
      return refuse(`${file} is larger than 1 MiB, or no plain file.`, "Make it smaller, or leave it out.");
    bytes += Buffer.byteLength(read.text);
    if (bytes > mostAllBytes)
      return refuse(
        `The manifests are larger than 4 MiB together.`,
        "Hand in only what the exercise asks for.",
      );
    const one = readFile(file, read.text);
    documents.push(...one.documents);
    problems.push(...one.problems);
    if (documents.length > mostObjects)
      return refuse(
        `The manifests hold more than ${mostObjects} objects.`,
        "Hand in only the objects that the exercise asks for.",
      );
  }
  if (problems.length > 0)
    return refuse(
      problems.slice(0, 10).join("\n"),
      "Correct these places; kubectl apply --dry-run=client -f FILE names the same ones at home.",
    );
  if (documents.length === 0)
    return refuse(
      `${found.files.join(", ")} ${found.files.length === 1 ? "holds" : "hold"} no object: there is nothing but white space and comments.`,
      "Write the objects that the exercise asks for.",
    );
  return { outcome: "ok", documents };
}

const helmTemplate = re`\{\{-?\s*(\.(Values|Release|Chart|Capabilities)\b|include |toYaml )`;

function readFile(file: string, text: string): { documents: ManifestDocument[]; problems: string[] } {
  if (text.includes("\0"))
    return { documents: [], problems: [`${file} is no text in UTF-8; save it as UTF-8.`] };
  if (/\{\{-?\s*[.a-z]/i.test(text) && helmTemplate.test(text))
    return {
      documents: [],
      problems: [
        `${file} is a template of a Helm chart ({{ … }}), no manifest: render the chart (helm template my-release CHART-FOLDER > all.yaml) and hand in all.yaml instead.`,
      ],
    };
  const parsed = parseManifest(text);
  const documents: ManifestDocument[] = [];
  const problems: string[] = [];
  for (const document of parsed) {
    const where =
      parsed.length > 1
        ? `${file}, document ${document.number}, line ${document.line}`
        : `${file}, line ${document.line}`;
    const read =
      document.outcome === "ok" ? readObjects(document.value) : { ...document, outcome: "broken" as const };
    if (read.outcome === "broken") problems.push(`${where}: ${read.message}.`);
    else
      documents.push(
        ...read.objects.map((object): ManifestDocument => ({ file, line: document.line, object })),
      );
  }
  return { documents, problems };
}
