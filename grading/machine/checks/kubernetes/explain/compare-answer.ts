import { parseQuantity } from "../kit/quantity.ts";

/** How an answer is compared. */
export const answerForms = ["text", "number", "boolean", "list", "kind", "quantity", "phrase"] as const;
export type AnswerForm = (typeof answerForms)[number];

/** What is right: the answer must be this, or one of these spellings; for a list, exactly these in any order. */
export interface RightAnswer {
  form: AnswerForm;
  values: string[];
  /** Of a phrase: what may not be in the answer, so that naming everything is not right. */
  never?: string[];
}

export type Compared =
  | { outcome: "right" }
  | { outcome: "wrong" }
  | { outcome: "empty" }
  /** Not of the form asked for; what it should be, such as “a number”. */
  | { outcome: "malformed"; wanted: string };

/** Compares what a student wrote with what is right, generous about spelling and never about meaning. */
export function compareAnswer(given: string | string[] | undefined, right: RightAnswer): Compared {
  const texts = (Array.isArray(given) ? given : [given ?? ""]).map(bare).filter((text) => text !== "");
  const [first] = texts;
  if (first === undefined) return { outcome: "empty" };
  if (right.form === "list") return verdict(sameSet(texts.flatMap(splitList), right.values.map(plain)));
  if (texts.length > 1) return { outcome: "malformed", wanted: "one answer and no list" };
  const read = readers[right.form];
  const value = read(first);
  if (value === null) return { outcome: "malformed", wanted: wantedInWords[right.form] };
  if (right.form === "phrase") {
    const holds = (phrase: string) => value.includes(plain(phrase));
    return verdict(right.values.some(holds) && !right.never?.some(holds));
  }
  return verdict(right.values.some((each) => read(bare(each)) === value));
}

type OneValued = Exclude<AnswerForm, "list">;

const readers: Record<OneValued, (text: string) => string | null> = {
  text: plain,
  phrase: plain,
  number: (text) => (/^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : null),
  boolean: (text) => (/^(true|yes|y)$/i.test(text) ? "true" : /^(false|no|n)$/i.test(text) ? "false" : null),
  kind: (text) => kindOf(plain(text)),
  quantity: (text) => parseQuantity(text.replaceAll(" ", ""))?.toString() ?? null,
};

const wantedInWords: Record<OneValued, string> = {
  text: "text",
  phrase: "text",
  number: "a number",
  boolean: "yes or no",
  kind: "a kind of object",
  quantity: "a quantity such as 250m or 64Mi",
};

const verdict = (right: boolean): Compared => ({ outcome: right ? "right" : "wrong" });

/** Quotes, white space and a full stop at the end say nothing about whether somebody knows. */
function bare(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^["'`“](.*)["'`”]$/, "$1")
    .replace(/(?<=\D)\.$/, "")
    .trim();
}

function plain(text: string): string {
  return bare(text).toLowerCase();
}

const splitList = (text: string) =>
  text
    .replace(/^\[(.*)\]$/, "$1")
    .split(/\s*(?:,|;|\band\b|\s)\s*/)
    .map(plain)
    .filter((item) => item !== "");

function sameSet(a: string[], b: string[]): boolean {
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every((item) => right.has(item));
}

/** As kubectl abbreviates them. */
const shortNames = new Map([
  ["po", "pod"],
  ["svc", "service"],
  ["deploy", "deployment"],
  ["rs", "replicaset"],
  ["sts", "statefulset"],
  ["ds", "daemonset"],
  ["cj", "cronjob"],
  ["cm", "configmap"],
  ["ns", "namespace"],
  ["no", "node"],
  ["pvc", "persistentvolumeclaim"],
  ["pv", "persistentvolume"],
  ["sc", "storageclass"],
  ["hpa", "horizontalpodautoscaler"],
  ["pdb", "poddisruptionbudget"],
  ["ing", "ingress"],
  ["netpol", "networkpolicy"],
  ["sa", "serviceaccount"],
  ["quota", "resourcequota"],
  ["limits", "limitrange"],
]);

/** deployment of Deployment, deployments, deploy, deployment.apps, apps/v1 Deployment, “a Deployment”. */
function kindOf(text: string): string {
  const named = text.replace(/^(a|an|the) /, "").replace(/^\S*\/v\d\S*[ /]/, "");
  const group = named.search(/\.(apps|batch|networking|policy|autoscaling|storage)\b/);
  const word = (group < 0 ? named : named.slice(0, group)).replaceAll(/[ _-]/g, "");
  const short = shortNames.get(word);
  if (short) return short;
  return word
    .replace(/sses$/, "ss")
    .replace(/ies$/, "y")
    .replace(/(?<!s)s$/, (end) => (word.endsWith("ingress") ? end : ""));
}
