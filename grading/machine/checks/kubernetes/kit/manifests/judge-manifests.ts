import { z } from "zod";
import type { Part } from "../../../kit/credit/share-credit.ts";
import { labelsInWords, selects } from "../api/selectors.ts";
import { whatIs } from "./place-object.ts";
import { type PodTemplate, podTemplateOf } from "./pod-template.ts";
import type { ManifestDocument } from "./read-manifests.ts";

/** Rules about manifests that see more than one place of them; each gives the places that break it. */

export interface Finding {
  happened: string;
  fix: string;
}

/** One part of a check out of all findings of a rule. */
export function partOf(expected: string, findings: Finding[]): Part {
  if (findings.length === 0) return { expected, problem: null };
  const shown = findings.slice(0, 10);
  return {
    expected,
    problem: {
      happened: shown.map((each) => each.happened).join("\n"),
      fix: [...new Set(shown.map((each) => each.fix))].join("\n"),
    },
  };
}

const namespaceOf = ({ object }: ManifestDocument, defaultNamespace: string) =>
  object.metadata.namespace ?? defaultNamespace;

/** Two objects of one kind, namespace and name: the second would silently replace the first. */
export function findDuplicates(documents: ManifestDocument[], defaultNamespace: string): Finding[] {
  const seen = new Map<string, ManifestDocument>();
  return documents.flatMap((document) => {
    const { apiVersion, kind, metadata } = document.object;
    const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
    const key = [group, kind, namespaceOf(document, defaultNamespace), metadata.name].join(" ");
    const first = seen.get(key);
    if (!first) {
      seen.set(key, document);
      return [];
    }
    return [
      {
        happened: `${whatIs(document)} has the same kind and name as the one in ${first.file}, line ${first.line}: the second replaces the first.`,
        fix: `Give one of the two another metadata.name, or remove it.`,
      },
    ];
  });
}

/** Workloads whose selector does not pick their own pods. */
export function findSelfMismatch(templates: PodTemplate[]): Finding[] {
  return templates.flatMap(({ document, selector, labels }) => {
    if (!selector || isEmpty(selector) || selects(selector, labels)) return [];
    return [
      {
        happened: `${whatIs(document)} selects pods with ${selectorInWords(selector)}, but its own template makes pods with ${labelsInWords(labels)}.`,
        fix: "Write the same labels in spec.selector.matchLabels and in spec.template.metadata.labels.",
      },
    ];
  });
}

/**
 * Workloads of one namespace, one of which selects the pods that the other makes, with no label that tells the pods
 * apart. Where one does (role: leader, role: follower), controllers keep to the pods that they own, and Services can
 * choose: many published examples are written so.
 */
export function findRivals(templates: PodTemplate[], defaultNamespace: string): Finding[] {
  const findings: Finding[] = [];
  for (const [index, one] of templates.entries())
    for (const other of templates.slice(index + 1)) {
      if (namespaceOf(one.document, defaultNamespace) !== namespaceOf(other.document, defaultNamespace))
        continue;
      if (!one.selector || !other.selector || isEmpty(one.selector) || isEmpty(other.selector)) continue;
      const taken = selects(one.selector, other.labels) || selects(other.selector, one.labels);
      // Broken in itself, which another rule tells.
      const sound = selects(one.selector, one.labels) && selects(other.selector, other.labels);
      if (!taken || !sound || isSame(one, other) || areToldApart(one.labels, other.labels)) continue;
      findings.push({
        happened: `${whatIs(one.document)} and ${whatIs(other.document)} fight over the same pods: what one selects (${selectorInWords(one.selector)}) the other makes too (${labelsInWords(other.labels)}).`,
        fix: "Give each its own label, such as app: with another value, in selector and template.",
      });
    }
  return findings;
}

const areToldApart = (one: Record<string, string>, other: Record<string, string>) =>
  Object.entries(one).some(([key, value]) => other[key] !== undefined && other[key] !== value);

const isSame = (one: PodTemplate, other: PodTemplate) =>
  one.document.object.kind === other.document.object.kind &&
  one.document.object.metadata.name === other.document.object.metadata.name;

const service = z.object({
  spec: z.object({
    type: z.string().optional().catch(undefined),
    selector: z.record(z.string(), z.string()).optional().catch(undefined),
    ports: z
      .array(
        z.object({
          port: z.number(),
          targetPort: z.union([z.number(), z.string()]).optional(),
          name: z.string().optional(),
        }),
      )
      .catch([]),
  }),
});

/** Services that no pod of the manifests answers for, or whose port leads nowhere. */
export function findDeadServices(
  documents: ManifestDocument[],
  templates: PodTemplate[],
  defaultNamespace: string,
): Finding[] {
  return documents.flatMap((document) => {
    if (document.object.kind !== "Service") return [];
    const spec = service.safeParse(document.object).data?.spec;
    const labels = spec?.selector;
    if (!spec || !labels || Object.keys(labels).length === 0 || spec.type === "ExternalName") return [];
    const near = templates.filter(
      (each) => namespaceOf(each.document, defaultNamespace) === namespaceOf(document, defaultNamespace),
    );
    const behind = near.filter((each) => selects({ matchLabels: labels }, each.labels));
    if (behind.length === 0) return [selectsNothing(document, labels, near)];
    return spec.ports.flatMap(({ port, targetPort = port }) => wrongPort(document, port, targetPort, behind));
  });
}

function selectsNothing(
  document: ManifestDocument,
  labels: Record<string, string>,
  near: PodTemplate[],
): Finding {
  const there = near.map(
    (each) =>
      `${each.document.object.kind} ${each.document.object.metadata.name} makes pods with ${labelsInWords(each.labels)}`,
  );
  return {
    happened: `${whatIs(document)} selects pods with ${labelsInWords(labels)}, and nothing that was handed in makes such pods in its namespace${there.length > 0 ? `: ${there.slice(0, 8).join("; ")}` : ""}.`,
    fix: "Write labels of the pods' template (spec.template.metadata.labels) into the Service's spec.selector.",
  };
}

/** Ports that the pods say they open; saying so is not needed, so pods that name none may open any. */
function wrongPort(
  document: ManifestDocument,
  port: number,
  target: number | string,
  behind: PodTemplate[],
): Finding[] {
  const declared = behind.flatMap((each) =>
    [...each.containers, ...each.initContainers].flatMap((container) => container.ports ?? []),
  );
  const isNumber = typeof target === "number" || /^\d+$/.test(target);
  const fits = declared.some((each) =>
    isNumber ? each.containerPort === Number(target) : each.name === target,
  );
  if (fits || (isNumber && declared.length === 0)) return [];
  const open = declared.map((each) =>
    each.name ? `${each.containerPort} (${each.name})` : `${each.containerPort}`,
  );
  return [
    {
      happened: `${whatIs(document)} sends its port ${port} to targetPort ${target}, but the pods that it selects ${open.length > 0 ? `open ${[...new Set(open)].join(", ")}` : "name no port"}.`,
      fix: isNumber
        ? "Write the containerPort of the pods as targetPort of the Service."
        : `Name a port of the container ${target} (ports: - name: ${target}), or write its number as targetPort.`,
    },
  ];
}

type Selector = NonNullable<PodTemplate["selector"]>;

const isEmpty = (selector: Selector) =>
  Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;

function selectorInWords(selector: Selector): string {
  const rules = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
    `${key} ${operator} ${values.join(", ")}`.trim(),
  );
  const labels =
    Object.keys(selector.matchLabels ?? {}).length > 0 ? [labelsInWords(selector.matchLabels)] : [];
  return [...labels, ...rules].join(", ");
}

/** The pods that a set of manifests asks for. */
export const templatesOf = (documents: ManifestDocument[]): PodTemplate[] =>
  documents.map(podTemplateOf).filter((template) => template !== null);
