import { z } from "zod";

/** An object of a manifest: what every Kubernetes object has, and whatever else it holds. */
export interface ManifestObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; [field: string]: unknown };
  [field: string]: unknown;
}

const text = (what: string) =>
  z
    .string(`${what} must be text; put it in quotes (12, true, y, n, on and off without quotes are no text)`)
    .min(1, `${what} is empty`);

const shape = z.looseObject({
  apiVersion: text("apiVersion"),
  kind: text("kind"),
  metadata: z.looseObject(
    { name: text("metadata.name"), namespace: text("metadata.namespace").optional() },
    "metadata must hold a name",
  ),
});

export type ReadObject =
  | { outcome: "ok"; objects: ManifestObject[] }
  /** The end of a sentence that begins with file and line. */
  | { outcome: "broken"; message: string };

/** What a document holds: one object, or those of a List. */
export function readObjects(value: unknown): ReadObject {
  if (!isRecord(value))
    return {
      outcome: "broken",
      message: `is no Kubernetes object, but ${Array.isArray(value) ? "a list" : "a piece of text"}; an object begins with apiVersion, kind and metadata`,
    };
  if (isRecord(value) && /List$/.test(String(value.kind)) && Array.isArray(value.items)) {
    const objects: ManifestObject[] = [];
    for (const item of value.items) {
      const read = readObjects(item);
      if (read.outcome === "broken")
        return { outcome: "broken", message: `has an item that ${read.message}` };
      objects.push(...read.objects);
    }
    return { outcome: "ok", objects };
  }
  const foreign = foreignFile(value);
  if (foreign) return { outcome: "broken", message: foreign };
  const parsed = shape.safeParse(value);
  if (parsed.success) return { outcome: "ok", objects: [value as ManifestObject] };
  return { outcome: "broken", message: missingParts(value, parsed.error.issues) };
}

function missingParts(value: Record<string, unknown>, issues: z.core.$ZodIssue[]): string {
  const metadata = isRecord(value.metadata) ? value.metadata : {};
  const what = typeof value.kind === "string" ? `(${value.kind}) ` : "";
  if (value.metadata !== undefined && metadata.name === undefined && metadata.generateName !== undefined)
    return `${what}has metadata.generateName; give it a fixed metadata.name`;
  const missing = [
    value.apiVersion === undefined && "apiVersion",
    value.kind === undefined && "kind",
    metadata.name === undefined && "metadata.name",
  ].filter((name) => name !== false);
  if (missing.length > 0) return `${what}has no ${missing.join(", no ")}; every Kubernetes object needs them`;
  return `${what}is no Kubernetes object: ${issues[0]?.message ?? "its beginning is wrong"}`;
}

/** Files that other tools read and that people hand in by mistake. */
function foreignFile(value: Record<string, unknown>): string | null {
  if (value.apiVersion !== undefined || value.kind !== undefined) {
    if (String(value.apiVersion).startsWith("kustomize.config.k8s.io/"))
      return "is for Kustomize; hand in what kubectl kustomize makes of it";
    return null;
  }
  if (isRecord(value.services))
    return "is a Compose file, which Kubernetes does not read; write a Deployment and a Service for each of its services";
  return null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
