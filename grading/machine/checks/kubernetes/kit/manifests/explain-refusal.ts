import { re } from "re2js";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import type { ApiRefusal } from "../api/api-error.ts";
import { explainAdmission } from "../pods/refused-creation.ts";

export interface RefusedObject {
  /** Such as “Deployment web (k8s/web.yaml, line 3)”. */
  what: string;
  kind: string;
  namespaced: boolean;
  /** Of the exercise. */
  namespaces: string[];
}

/** Why the API server refuses an object of the student's, in its own words and in ours. */
export function explainRefusal(
  object: RefusedObject,
  refusal: ApiRefusal,
): { happened: string; fix: string } {
  const { what } = object;
  const admission = explainAdmission(what, refusal.message);
  if (admission) return admission;
  const happened = `${what}: the API server said ${quoteOutput(refusal.message)}.`;
  if (refusal.code === 403) return explainForbidden(object, refusal, happened);
  if (unchangeable.test(refusal.message))
    return {
      happened: `${happened} The object is there already, and this field cannot be changed any more.`,
      fix: "Keep that field as it was, or give the changed object another name.",
    };
  if (refusal.code === 422) return { happened, fix: fixForInvalid(refusal) };
  if (refusal.code === 409 || /managedFields must be nil/.test(refusal.message))
    return {
      happened: `${happened} The manifest holds what only the cluster writes: it was taken from a running one.`,
      fix: "Remove metadata.uid, metadata.resourceVersion, metadata.creationTimestamp, metadata.managedFields and status.",
    };
  return { happened, fix: fixForDecoding(refusal.message) };
}

function explainForbidden(
  { kind, namespaced, namespaces }: RefusedObject,
  { message }: ApiRefusal,
  happened: string,
) {
  if (!namespaced)
    return {
      happened: `${happened} ${capital(kind)} belongs to the whole cluster, and you have rights only in ${namespaces.join(", ")}.`,
      fix: clusterFixes[kind] ?? `Leave the ${kind} out: the exercise can be solved without it.`,
    };
  if (/attempting to grant RBAC permissions not currently held/.test(message))
    return {
      happened: `${happened} Nobody can give rights that they do not have themselves.`,
      fix: "Give that Role only rights to objects of your own namespaces.",
    };
  return {
    happened,
    fix:
      kind === "ResourceQuota" || kind === "LimitRange"
        ? `Leave the ${kind} out: the exercise itself sets what its namespaces may use.`
        : `You have rights in ${namespaces.join(", ")} only, and not to everything there: leave the ${kind} out, or change what the refusal names.`,
  };
}

const clusterFixes: Record<string, string> = {
  Namespace: "Leave the Namespace out and use the ones that the exercise has made.",
  CustomResourceDefinition:
    "Leave it and the objects of its kind out: a kind of one's own does nothing without a controller that acts on it. Use the kinds that Kubernetes has.",
  ClusterRole: "Use a Role, which is for one namespace.",
  ClusterRoleBinding: "Use a RoleBinding, which is for one namespace.",
  PersistentVolume:
    "Leave the PersistentVolume out: hand in a PersistentVolumeClaim without a volume's name, and the cluster makes a volume for it.",
  StorageClass:
    "Leave the StorageClass out and use the default one, which a PersistentVolumeClaim gets by itself.",
  PriorityClass: "Leave the PriorityClass out, and priorityClassName with it.",
  ValidatingWebhookConfiguration:
    "Leave it out: it would stand between the cluster and every request, and could block them all.",
  MutatingWebhookConfiguration:
    "Leave it out: it would stand between the cluster and every request, and could block them all.",
  Node: "Leave the Node out: nodes announce themselves.",
};

function fixForInvalid({ causes }: ApiRefusal): string {
  const fields = [...new Set(causes.map((cause) => cause.field).filter((field) => field !== ""))];
  return fields.length > 0 ? `Correct ${fields.slice(0, 8).join(", ")}.` : "Correct what these words name.";
}

const unchangeable = re`field is immutable|updates to .* are forbidden|may not change`;
const unknownField = re`unknown field "([^"]+)"|(\.[\w.[\]"=]+): field not declared in schema`;
const wrongType = re`cannot unmarshal (\w+) into Go struct field \S*?\.(\S+) of type (\S+)`;
const listedTwice = re`(\.[\w.[\]"=]+): duplicate entries for key (\[[^\]]*\])`;

/** Refusals of what could not even be read as the kind it says it is. */
function fixForDecoding(message: string): string {
  const unknown = [...unknownField.matchAll(message)].map(
    (match) => match[1] ?? match[2]?.replace(/^\./, ""),
  );
  if (unknown.length > 0)
    return `Correct the spelling or the indentation of ${[...new Set(unknown)].join(", ")}: there is no such field in that place.`;
  const type = wrongType.exec(message);
  if (type) {
    const [, given, field, wanted = ""] = type;
    const quotes =
      given === "bool"
        ? "; y, n, yes, no, on and off without quotes mean true and false too"
        : given === "string" || wanted === "string"
          ? "; quotes around a value make it text"
          : "";
    return `Write ${inWords(wanted)} as ${field}, not ${inWords(given ?? "")}${quotes}.`;
  }
  const twice = listedTwice.exec(message);
  if (twice)
    return `Remove one of the two entries ${twice[2]} of ${twice[1]?.replace(/^\./, "")}: each may be listed once.`;
  return "Correct what these words name.";
}

function inWords(type: string): string {
  if (/^u?int\d*$|^number|^float/.test(type)) return "a number";
  if (type.startsWith("bool")) return "true or false";
  if (type === "string") return "text";
  if (type === "array" || type.startsWith("[]")) return "a list (lines that begin with -)";
  return "a map (lines of key: value)";
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
