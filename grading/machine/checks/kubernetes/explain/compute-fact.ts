import type { KubernetesListObject, KubernetesObject, V1EndpointSlice, V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../kit/define-check.ts";
import { isNotFound } from "../kit/api/api-error.ts";
import { requestApi } from "../kit/api/request-api.ts";
import { labelSelector, type Watched, watched } from "../kit/api/watched.ts";
import { knownKinds } from "../kit/manifests/known-kinds.ts";
import { findWorkload, staying } from "../kit/pods/find-workload.ts";
import {
  reasonsIn,
  type SchedulerReason,
  schedulerReasonNames,
  schedulerReasons,
} from "../kit/pods/scheduler-reasons.ts";
import { demandWorkload } from "../kit/settings/workload-settings.ts";
import type { RightAnswer } from "./compare-answer.ts";
import type { AskedPods, Question } from "./question-settings.ts";
import { readField, rightAnswer } from "./read-field.ts";

export type Fact =
  | { outcome: "known"; right: RightAnswer }
  /** What is asked about is not in the cluster: the student's to mend. */
  | { outcome: "missing"; happened: string; fix: string }
  /** The question makes no sense in this cluster. */
  | { outcome: "unaskable"; why: string };

type Asked<Name extends Question["fact"]> = Extract<Question, { fact: Name }>;

/** The true answer to a question, from the cluster as it is now. */
export async function computeFact(context: CheckContext, question: Question): Promise<Fact> {
  switch (question.fact) {
    case "field":
      return fieldFact(context, question);
    case "count":
      return countFact(context, question);
    case "owner":
      return ownerFact(context, question);
    case "node":
      return podsFact(context, question.of, (pods) => pods.flatMap((pod) => pod.spec?.nodeName ?? []));
    case "restarts":
      return podsFact(context, question.of, (pods) => [sum(pods.map(restartsOf))]);
    case "qos":
      return podsFact(context, question.of, (pods) => pods.flatMap((pod) => pod.status?.qosClass ?? []));
    case "image":
      return podsFact(context, question.of, (pods) => pods.flatMap((pod) => imageOf(pod, question)));
    case "pending":
      return pendingFact(context, question);
    case "endpoints":
      return endpointsFact(context, question);
    case "choice":
      return known({ form: "text", values: [question.is] });
    case "stated":
      return known(statedAnswer(question));
  }
}

/** For staff. */
export function factInWords(fact: Fact): string {
  switch (fact.outcome) {
    case "known":
      return fact.right.values.join(" or ");
    case "missing":
      return `nothing is right. ${fact.happened}`;
    case "unaskable":
      return `cannot be asked: ${fact.why}`;
  }
}

const known = (right: RightAnswer): Fact => ({ outcome: "known", right });
const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

export function statedAnswer({ is, accept, as }: Asked<"stated">): RightAnswer {
  if (Array.isArray(is)) return { form: "list", values: is.map(String) };
  const { form } = rightAnswer([is], as);
  return { form, values: [is, ...accept].map(String) };
}

async function fieldFact(context: CheckContext, question: Asked<"field">): Promise<Fact> {
  const collection = await collectionOf(context, question);
  if ("outcome" in collection) return collection;
  const { name, kind, path, as } = question;
  if (name === undefined) {
    const objects = await listObjects(context, collection);
    return known(
      rightAnswer(
        objects.flatMap((object) => readField(object, path)),
        as,
      ),
    );
  }
  try {
    const { admin } = context.kubernetes();
    const one = { method: "GET", path: `${collection.path}/${name}` } as const;
    const { body } = await requestApi<KubernetesObject>(admin, one, context.signal);
    return known(rightAnswer(readField(body, path), as));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return missing(`${kind} ${name}`);
  }
}

async function countFact(context: CheckContext, question: Asked<"count">): Promise<Fact> {
  const collection = await collectionOf(context, question);
  if ("outcome" in collection) return collection;
  const objects = await listObjects(context, collection, question.labels);
  const there = objects.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  return known(rightAnswer([there.length]));
}

async function ownerFact(context: CheckContext, { of, level, tell }: Asked<"owner">): Promise<Fact> {
  const found = await podsOf(context, of);
  if ("outcome" in found) return found;
  const { namespace } = found;
  let objects: KubernetesObject[] = found.pods;
  let owners: { kind: string; name: string }[] = [];
  for (let at = 1; at <= level; at += 1) {
    owners = objects.flatMap(
      ({ metadata }) => metadata?.ownerReferences?.filter((each) => each.controller) ?? [],
    );
    if (at === level) break;
    objects = await readAll(context, namespace, owners);
  }
  const names = [...new Set(owners.map((owner) => owner[tell]))];
  return known(rightAnswer(names, tell === "kind" ? "kind" : "text"));
}

async function readAll(
  context: CheckContext,
  namespace: string,
  owners: { kind: string; name: string }[],
): Promise<KubernetesObject[]> {
  const read: KubernetesObject[] = [];
  for (const { kind, name } of new Map(
    owners.map((owner) => [`${owner.kind} ${owner.name}`, owner]),
  ).values()) {
    const collection = await collectionOf(context, { kind, namespace });
    if ("outcome" in collection) continue;
    read.push(...(await listObjects(context, { ...collection, fieldSelector: `metadata.name=${name}` })));
  }
  return read;
}

async function podsFact(
  context: CheckContext,
  of: AskedPods,
  values: (pods: V1Pod[]) => (string | number)[],
): Promise<Fact> {
  const found = await podsOf(context, of);
  return "outcome" in found ? found : known(rightAnswer(values(found.pods)));
}

async function pendingFact(context: CheckContext, { of }: Asked<"pending">): Promise<Fact> {
  const found = await podsOf(context, of);
  if ("outcome" in found) return found;
  const sentences = found.pods.map(
    (pod) =>
      pod.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False")
        ?.message ?? "",
  );
  const reasons = [...new Set(sentences.flatMap(reasonsIn))];
  if (reasons.length === 0)
    return {
      outcome: "missing",
      happened: `No pod of ${found.what} waits for a node, so there is no reason to name.`,
      fix: "Hand in the pod as the exercise asks for it: one that no node takes.",
    };
  const phrases = (names: SchedulerReason[]) => names.flatMap((name) => [schedulerReasons[name].words, name]);
  const others = schedulerReasonNames.filter((name) => !reasons.includes(name));
  return known({ form: "phrase", values: phrases(reasons), never: phrases(others).filter(isTelling) });
}

/** Words such as taint and ports are also said in other places. */
const isTelling = (phrase: string) => /[ -]/.test(phrase);

async function endpointsFact(context: CheckContext, question: Asked<"endpoints">): Promise<Fact> {
  const { admin, namespaces } = context.kubernetes();
  const namespace = question.namespace ?? namespaces[0];
  const services = await listObjects(context, watched("Service", namespace, { name: question.service }));
  if (services.length === 0) return missing(`Service ${question.service}`);
  const labels = { "kubernetes.io/service-name": question.service };
  const { path, labelSelector: query } = watched("EndpointSlice", namespace, { labels });
  const { body } = await requestApi<KubernetesListObject<V1EndpointSlice>>(
    admin,
    { method: "GET", path, query: { labelSelector: query } },
    context.signal,
  );
  const ready = body.items.flatMap(({ endpoints }) =>
    (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses),
  );
  return known(rightAnswer([new Set(ready).size]));
}

interface PodsFound {
  what: string;
  namespace: string;
  pods: V1Pod[];
}

async function podsOf(
  context: CheckContext,
  of: AskedPods,
): Promise<PodsFound | Extract<Fact, { outcome: "missing" }>> {
  const namespace = of.namespace ?? context.kubernetes().namespaces[0];
  const found = await findWorkload(context, namespace, demandWorkload(of));
  if (found.outcome === "missing") return { outcome: "missing", ...found.trouble };
  const { workload } = found;
  const pods = staying((await listObjects(context, workload.pods)) as V1Pod[]);
  if (pods.length > 0) return { what: workload.what, namespace, pods };
  return {
    outcome: "missing",
    happened: `${workload.what} has no pods, so nothing can be asked about them.`,
    fix: `Let ${workload.what} have pods; kubectl describe says why it has none.`,
  };
}

/** Where objects of a kind are; unaskable when the cluster has no such kind. */
async function collectionOf(
  context: CheckContext,
  { kind, namespace }: { kind: string; namespace?: string | undefined },
): Promise<Watched | Extract<Fact, { outcome: "unaskable" }>> {
  const found = (await knownKinds(context)).find((each) => each.kind === kind);
  if (!found) return { outcome: "unaskable", why: `the cluster has no kind ${kind}` };
  const root = found.apiVersion.includes("/") ? `/apis/${found.apiVersion}` : `/api/${found.apiVersion}`;
  const within = found.namespaced ? `/namespaces/${namespace ?? context.kubernetes().namespaces[0]}` : "";
  return { path: `${root}${within}/${found.plural}` };
}

async function listObjects(
  context: CheckContext,
  { path, ...selectors }: Watched,
  labels?: Record<string, string>,
): Promise<KubernetesObject[]> {
  const query = { ...selectors, ...(labels ? { labelSelector: labelSelector(labels) } : {}) };
  const { admin } = context.kubernetes();
  const { body } = await requestApi<KubernetesListObject<KubernetesObject>>(
    admin,
    { method: "GET", path, query },
    context.signal,
  );
  return body.items;
}

const missing = (what: string): Fact => ({
  outcome: "missing",
  happened: `There is no ${what} in the cluster, so nothing can be asked about it.`,
  fix: `Hand in ${what}, with exactly that name. If you did, mend first what the checks before this one say.`,
});

const restartsOf = (pod: V1Pod) =>
  sum(
    [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].map(
      (status) => status.restartCount,
    ),
  );

function imageOf(pod: V1Pod, { container, tell }: Asked<"image">): string[] {
  const name = container ?? pod.spec?.containers[0]?.name;
  const image = pod.spec?.containers.find((each) => each.name === name)?.image;
  const id = pod.status?.containerStatuses?.find((each) => each.name === name)?.imageID;
  const told = tell === "name" ? image : id?.replace(/^.*@/, "");
  return told === undefined ? [] : [told];
}
